import type { XfrmPolicy, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { ClusterDescription, NodeDescription } from '../../model/cluster.ts';
import type { Family, Routing } from '../../model/mode.ts';
import type { IpsecProfile, SaPair } from '../../stacks/profile.ts';
import { at, type Examination } from './examination.ts';
import { addressKey, endpointOf, familyOf, isAny, overlap, sameAddress } from './networks.ts';
import type { NodeState } from './node-state.ts';

/** A directed tunnel that SAs must or may exist for. */
export interface Tunnel {
  readonly from: NodeDescription;
  readonly to: NodeDescription;
  readonly src: string;
  readonly dst: string;
  readonly pair: SaPair;
  /** Its place among the tunnels from the one node to the other. */
  readonly place: number;
}

/** Families of the intent that the profile has; the others are gaps. */
export function knownFamilies(x: Examination, { ipv6 }: IpsecProfile): readonly Family[] {
  const { families, profile } = x.facts.manifest.intent;
  if (ipv6 !== null || !families.includes('ipv6')) return families;
  x.gap(`profile ${profile} has nothing for IPv6`);
  return families.filter((family) => family !== 'ipv6');
}

/** The directed tunnels from one node to another that the profile has for a routing; an address that is not known is a gap. */
export function tunnelsBetween(
  x: Examination,
  ipsec: IpsecProfile,
  [from, to]: readonly [NodeDescription, NodeDescription],
  routing: Routing = x.facts.manifest.intent.routing,
  families: readonly Family[] = knownFamilies(x, ipsec),
): readonly Tunnel[] {
  const tunnels: Tunnel[] = [];
  let place = 0;
  for (const pair of ipsec.saPairs[routing].value) {
    // Between node addresses one SA pair carries both families: that of the underlay.
    const underlay = familyOf(from.addresses[0] ?? '') ?? 'ipv4';
    for (const family of pair.endpoints === 'node' ? [underlay] : families) {
      const [src, dst] = [endpointOf(from, pair.endpoints, family), endpointOf(to, pair.endpoints, family)];
      if (src !== undefined && dst !== undefined) tunnels.push({ from, to, src, dst, pair, place });
      else x.gap(`${family} ${pair.endpoints} address of ${(src === undefined ? from : to).name} is not known`);
      place++;
    }
  }
  return tunnels;
}

/**
 * Every directed tunnel of the nodes whose state is judged that the profile has for a routing, by default the one of the intent, each family
 * of the intent by itself; addresses that are not known are gaps.
 */
export function tunnelsOf(x: Examination, ipsec: IpsecProfile, routing: Routing = x.facts.manifest.intent.routing): readonly Tunnel[] {
  const { cluster } = x.facts.manifest;
  const families = knownFamilies(x, ipsec);
  const names = new Set(x.facts.state.nodes.map(({ node }) => node));
  const judged = cluster.nodes.filter(({ name }) => names.has(name));
  const tunnels = cluster.nodes.flatMap((from) =>
    (names.has(from.name) ? cluster.nodes : judged).flatMap((to) =>
      from === to ? [] : tunnelsBetween(x, ipsec, [from, to], routing, families),
    ),
  );
  if (tunnels.length === 0) x.gap('fewer than two nodes: no tunnel to examine');
  return tunnels;
}

/** Whether an SA is the out or the in SA of its node; null when neither end is the node's. */
export function directionOf(node: NodeDescription, sa: XfrmState): 'out' | 'in' | null {
  const own = [...node.internalAddresses, ...node.addresses];
  if (own.some((address) => sameAddress(address, sa.src))) return 'out';
  return own.some((address) => sameAddress(address, sa.dst)) ? 'in' : null;
}

/** Finds the SAs of a tunnel among a node's; with `shared` an in SA from any source serves it too. */
export type AssociationTable = (tunnel: Tunnel, shared: boolean) => readonly XfrmState[];

/** A table of a node's SAs by their ends. */
export function associationTable(states: readonly XfrmState[]): AssociationTable {
  const esp = states.filter(({ proto }) => proto === 'esp');
  const byEnds = Map.groupBy(esp, ({ src, dst }) => `${addressKey(src)} ${addressKey(dst)}`);
  const fromAny = Map.groupBy(
    esp.filter(({ src }) => isAny(src)),
    ({ dst }) => addressKey(dst),
  );
  return ({ src, dst }, shared) => {
    const own = byEnds.get(`${addressKey(src)} ${addressKey(dst)}`) ?? [];
    const any = shared ? (fromAny.get(addressKey(dst)) ?? []).filter((sa) => familyOf(sa.src) === familyOf(src)) : [];
    return any.length === 0 ? own : [...own, ...any];
  };
}

/** The tunnels of each node, by its name: those that begin there and those that end there. */
export function tunnelsByNode(tunnels: readonly Tunnel[]): ReadonlyMap<string, readonly Tunnel[]> {
  const byNode = new Map<string, Tunnel[]>();
  for (const tunnel of tunnels)
    for (const { name } of [tunnel.from, tunnel.to]) {
      const own = byNode.get(name);
      if (own === undefined) byNode.set(name, [tunnel]);
      else own.push(tunnel);
    }
  return byNode;
}

/** Algorithms of an SA with their key and ICV lengths, `rfc4106(gcm(aes))/160/128`. */
export function algorithmsName(sa: XfrmState): string {
  return [sa.aead, sa.auth, sa.enc]
    .flatMap((a) => (a === undefined ? [] : [`${a.name}/${a.keyBits ?? '?'}/${a.icvBits ?? '-'}`]))
    .join(' ');
}

/** One name for all key material of an SA; undefined when none was printed. Equal names are equal keys, within one recording. */
export function keyName(sa: XfrmState): string | undefined {
  const parts = [sa.aead, sa.auth, sa.enc].flatMap((a) => (a === undefined ? [] : [a.fingerprint]));
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('+');
}

/** `10.0.0.1 -> 10.0.1.1 spi 0x00000003`. */
export function associationName(sa: Pick<XfrmState, 'src' | 'dst' | 'spi'>): string {
  return `${sa.src} -> ${sa.dst} spi ${sa.spi}`;
}

/** The subject of a fact about an SA of a node. */
export function aboutSa({ node }: { readonly node: string }, sa: Pick<XfrmState, 'src' | 'dst' | 'spi'>): { node: string; sa: string } {
  return { node, sa: associationName(sa) };
}

/** The node's description. The state facts hold the manifest's nodes only. */
export function describedNode(x: Examination, name: string): NodeDescription {
  const node = x.facts.manifest.cluster.nodes.find((n) => n.name === name);
  if (node === undefined) throw new RangeError(`node ${name} is not in the manifest`);
  return node;
}

/**
 * Whether an SA or a policy can apply to packets between two ends of the cluster, or has a mark of the stack. SAs and policies with peers
 * outside the cluster do not belong to the cluster.
 */
export function concernsCluster(
  x: Examination,
  { src, dst, mark, dir }: Pick<XfrmPolicy, 'src' | 'dst' | 'mark'> & { dir?: string },
): boolean {
  // A socket's own policy applies to what one process of the node sends, never to what the node forwards for pods.
  if (dir?.startsWith('socket')) return false;
  if (mark !== undefined && x.stack.routing.marks.includes(mark.value & 0xf00)) return true;
  const { ranges, keys } = endsOf(x.facts.manifest.cluster);
  return [src, dst].every((side) => isAny(side) || keys.has(addressKey(side)) || ranges.some((end) => overlap(end, side)));
}

/** The addresses and pod CIDRs of a cluster's nodes; kept, because they are asked for each SA. */
const ENDS = new WeakMap<object, { readonly ranges: readonly string[]; readonly keys: ReadonlySet<string> }>();

function endsOf(cluster: Pick<ClusterDescription, 'nodes'>) {
  const known = ENDS.get(cluster);
  if (known !== undefined) return known;
  const ranges = cluster.nodes.flatMap((node) => [...node.podCidrs, ...node.addresses, ...node.internalAddresses]);
  const ends = { ranges, keys: new Set(ranges.map(addressKey)) };
  ENDS.set(cluster, ends);
  return ends;
}

/** The policies of a node that concern the cluster; undefined, and a gap, when they could not be read. */
export function clusterPolicies(x: Examination, node: NodeState): readonly XfrmPolicy[] | undefined {
  const policies = x.use(node.xfrmPolicies);
  for (const policy of policies ?? [])
    if (!concernsCluster(x, policy))
      x.note(`${at(node)}: ${policy.dir} policy ${policy.src} -> ${policy.dst} is not for pods of this cluster`);
  return policies?.filter((policy) => concernsCluster(x, policy));
}

/** A node's states that concern the cluster, without those that were cut off, which are gaps. */
export function wholeStates(x: Examination, where: string, all: readonly XfrmState[]): readonly XfrmState[] {
  for (const sa of all) if (!concernsCluster(x, sa)) x.note(`${where}: SA ${associationName(sa)} is with a peer outside of the cluster`);
  const states = all.filter((sa) => concernsCluster(x, sa));
  for (const sa of states) if (sa.incomplete) x.gap(`${where}: SA ${associationName(sa)} was cut off`);
  return states.filter((sa) => !sa.incomplete);
}
