import { deriveTunnelKey } from '../keys/derive.ts';
import { algorithmWords, type IpsecKey, withKeys } from '../keys/ipsec-key.ts';
import { decryptMark, encryptMark } from '../marks.ts';
import type { LayoutProfile } from '../profile.ts';
import { isUnderlay, type Peer, perFamily, type Site, type View } from '../topology.ts';

/** The address of a node that ends a tunnel: that of cilium_host, or the node's. */
type End = 'internal' | 'address';

export interface IpsecOptions {
  readonly profile: LayoutProfile;
  readonly key: IpsecKey;
  /** Boot id of a node by name. */
  readonly bootId: (node: string) => string;
  /** Tunnel mode: only then the node pair exists. */
  readonly tunnel: boolean;
  /** An agent up to 1.16 ran before: its `in` policies are still there. */
  readonly updatedInPlace?: boolean;
}

/** Pairs of tunnel ends a profile makes SAs for. */
export function ends(options: IpsecOptions): readonly End[] {
  return options.profile.nodePair && options.tunnel ? ['internal', 'address'] : ['internal'];
}

/** The same for one site: the pair between nodes exists only in the family of the tunnels. */
export function endsOf(options: IpsecOptions, site: Site): readonly End[] {
  return ends(options).filter((end) => end === 'internal' || isUnderlay(site));
}

/** Algorithms with the secret keys of the SA from one end to the other; authentication and cipher are derived separately. */
function saKeys(options: IpsecOptions, from: Site, to: Site, end: End): string {
  const { key } = options;
  if (!key.perTunnel) return algorithmWords(key);
  const tunnel = {
    source: from[end],
    destination: to[end],
    sourceBootId: options.bootId(from.name),
    destinationBootId: options.bootId(to.name),
  };
  return algorithmWords(withKeys(key, (global) => deriveTunnelKey(global, tunnel)));
}

function state(options: IpsecOptions, src: string, dst: string, marks: string, keys: string): string {
  const { id, perTunnel } = options.key;
  const replay = perTunnel ? 'replay-window 1024 flag esn' : 'replay-window 0';
  const any = dst.includes(':') ? '::/0' : '0.0.0.0/0';
  return `xfrm state add src ${src} dst ${dst} proto esp spi ${id} reqid 1 mode tunnel ${replay} ${marks} ${keys} sel src ${any} dst ${any}`;
}

/** The out SA from this node to the peer. */
export function outState(options: IpsecOptions, view: View, peer: Peer, end: End): string {
  const marks = `mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00 output-mark 0xe00 mask 0xffffff00`;
  return state(options, view.self[end], peer[end], marks, saKeys(options, view.self, peer, end));
}

/** The in SA of this node for the peer's packets. */
export function inState(options: IpsecOptions, view: View, peer: Peer, end: End): string {
  // Without the node id a second peer's SA would be EEXIST: the kernel does not distinguish in SAs by their source.
  const marks = `mark ${decryptMark(peer.id)} mask 0xffff0f00 output-mark 0xd00 mask 0xffffff00`;
  return state(options, peer[end], view.self[end], marks, saKeys(options, peer, view.self, end));
}

/** All SAs of a node, each family between its own cilium_host addresses (pkg/datapath/linux/ipsec.go, enableIPSecIPv6Do). */
export function statesPlan(options: IpsecOptions, view: View): string[] {
  return perFamily(view).flatMap((own) => familyStates(options, own));
}

function familyStates(options: IpsecOptions, view: View): string[] {
  const out = view.peers.flatMap((peer) => endsOf(options, peer).map((end) => outState(options, view, peer, end)));
  if (options.profile.inState === 'any-peer') {
    if (options.key.perTunnel) throw new RangeError(`Cilium ${options.profile.version} has one in SA for all peers: no per-tunnel keys`);
    const marks = 'mark 0xd00 mask 0xf00 output-mark 0xd00 mask 0xffffff00';
    const any = view.self.family === 'ipv6' ? '::' : '0.0.0.0';
    return [...out, state(options, any, view.self.internal, marks, saKeys(options, view.self, view.self, 'internal'))];
  }
  return [...out, ...view.peers.flatMap((peer) => endsOf(options, peer).map((end) => inState(options, view, peer, end)))];
}
