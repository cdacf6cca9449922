import type { Mode } from '../../../harness/model/mode.ts';
import { applyScript } from '../apply.ts';
import { type DatapathContext, encryptionOf, ipsecOptions, lookUp } from '../context.ts';
import { ends, type IpsecOptions, inState, statesPlan } from '../plan/ipsec-states.ts';
import { EMPTY_PLAN } from '../plan/node-plan.ts';
import { planScript } from '../plan/script.ts';
import { allowedIps, WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import { type Peer, perFamily, type View } from '../topology.ts';

/** Two nodes and how each sees the other. */
export interface Pair {
  readonly view: View;
  readonly peer: Peer;
  /** The peer's view, and how it sees the first node. */
  readonly other: View;
  readonly back: Peer;
}

/** The first node and its first peer, in any mode. @throws RangeError with one node */
export function anyPair(context: DatapathContext, fault: string): Pair {
  const view = context.views[0];
  const peer = view?.peers[0];
  const other = context.views.find((candidate) => candidate.self.name === peer?.name);
  const back = other?.peers.find((candidate) => candidate.name === view?.self.name);
  if (view === undefined || peer === undefined || other === undefined || back === undefined)
    throw new RangeError(`fault ${fault} needs two nodes`);
  return { view, peer, other, back };
}

/** The first node and its first peer, in the mode a fault is about. @throws RangeError in another mode or with one node */
export function firstPair(context: DatapathContext, fault: string, mode: Mode): Pair & { options: IpsecOptions } {
  if (context.laid !== mode) throw new RangeError(`fault ${fault} needs ${mode}, but ${context.laid} is set up`);
  return { ...anyPair(context, fault), options: ipsecOptions(context) };
}

/** Run `ip -batch` lines on a node; lines with keys are not in argument lists. */
export async function ipBatch(context: DatapathContext, node: string, lines: readonly string[], what: string): Promise<void> {
  await applyScript(context.options.host(node), planScript({ ...EMPTY_PLAN, xfrm: lines }), what);
}

/** Run `nft -f` and `tc -batch` lines on a node. */
export async function filterBatch(
  context: DatapathContext,
  node: string,
  lines: { readonly nft?: readonly string[]; readonly tc?: readonly string[] },
  what: string,
): Promise<void> {
  await applyScript(context.options.host(node), planScript({ ...EMPTY_PLAN, ...lines }), what);
}

/** Run a script on every node at once. */
export async function onEveryNode(context: DatapathContext, script: string, what: string): Promise<void> {
  await Promise.all(context.views.map(({ self }) => applyScript(context.options.host(self.name), script, what)));
}

/** `wg set cilium_wg0 …` on a node; the arguments have only public keys. */
export async function wgSet(context: DatapathContext, node: string, words: string, what: string): Promise<void> {
  await applyScript(context.options.host(node), `wg set ${WIREGUARD_DEVICE} ${words}\n`, what);
}

/** The configured allowed IPs of a peer, in all families of the cluster. @throws RangeError for an unknown peer */
export function configuredAllowedIps(context: DatapathContext, view: View, peer: string): string[] {
  const encryption = encryptionOf(context, 'wireguard');
  const sites = perFamily(view).flatMap(({ peers }) => peers.filter(({ name }) => name === peer));
  if (encryption.mode !== 'wireguard' || sites.length === 0) throw new RangeError(`${view.self.name} has no WireGuard peer ${peer}`);
  return sites.flatMap((site) => allowedIps(encryption.options, site, context.options.intent.routing));
}

export function publicKeyOfNode(context: DatapathContext, node: string): string {
  return lookUp(context.wireguardKeys, node, 'WireGuard key').publicKey;
}

/** `xfrm state add` lines of the in SAs of a node for one peer; if one SA is for all peers, that one. */
export function inStates(options: IpsecOptions, view: View, peer: Peer): readonly string[] {
  if (options.profile.inState === 'any-peer')
    return statesPlan(options, view).filter((line) => line.startsWith('xfrm state add src 0.0.0.0 '));
  return ends(options).map((end) => inState(options, view, peer, end));
}

/** `xfrm state delete` for a line of `xfrm state add`: source, destination, protocol, SPI and mark name it. */
export function deletionOf(add: string): string {
  const match = /^xfrm state add (src \S+ dst \S+ proto esp spi \d+) .*? (mark \S+ mask \S+) output-mark/.exec(add);
  if (match === null) throw new RangeError('not an xfrm state line');
  return `xfrm state delete ${match[1]} ${match[2]}`;
}

/** Delete and add: two SAs with the same mark, destination and SPI cannot exist together. */
export function replaced(adds: readonly string[], change: (add: string) => string): string[] {
  return adds.flatMap((add) => [deletionOf(add), change(add)]);
}
