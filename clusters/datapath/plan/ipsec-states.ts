import { deriveTunnelKey } from '../keys/derive.ts';
import type { IpsecKey } from '../keys/ipsec-key.ts';
import { decryptMark, encryptMark } from '../marks.ts';
import type { LayoutProfile } from '../profile.ts';
import type { Peer, Site, View } from '../topology.ts';

/** Which address of a node ends a tunnel: cilium_host, or the node's own. */
type End = 'internal' | 'address';

export interface IpsecOptions {
  readonly profile: LayoutProfile;
  readonly key: IpsecKey;
  /** Boot id of a node by name. */
  readonly bootId: (node: string) => string;
  /** Tunnel mode: only there the node pair exists. */
  readonly tunnel: boolean;
}

/** Pairs of tunnel ends a profile makes SAs for. */
export function ends(options: IpsecOptions): readonly End[] {
  return options.profile.nodePair && options.tunnel ? ['internal', 'address'] : ['internal'];
}

/** The secret key of the SA from one end to the other, `0x…`. */
function saKey(options: IpsecOptions, from: Site, to: Site, end: End): string {
  const key = options.key.perTunnel
    ? deriveTunnelKey(options.key.key, {
        source: from[end],
        destination: to[end],
        sourceBootId: options.bootId(from.name),
        destinationBootId: options.bootId(to.name),
      })
    : options.key.key;
  return `0x${Buffer.from(key).toString('hex')}`;
}

function state(options: IpsecOptions, src: string, dst: string, marks: string, key: string): string {
  const { id, algorithm, icvBits, perTunnel } = options.key;
  const replay = perTunnel ? 'replay-window 1024 flag esn' : 'replay-window 0';
  return `xfrm state add src ${src} dst ${dst} proto esp spi ${id} reqid 1 mode tunnel ${replay} ${marks} aead ${algorithm} ${key} ${icvBits} sel src 0.0.0.0/0 dst 0.0.0.0/0`;
}

/** The out SA from this node to the peer. */
export function outState(options: IpsecOptions, view: View, peer: Peer, end: End): string {
  const marks = `mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00 output-mark 0xe00 mask 0xffffff00`;
  return state(options, view.self[end], peer[end], marks, saKey(options, view.self, peer, end));
}

/** The in SA of this node for the peer's packets. */
export function inState(options: IpsecOptions, view: View, peer: Peer, end: End): string {
  // Without the node id a second peer's SA would be EEXIST: the kernel does not tell in SAs apart by their source.
  const marks = `mark ${decryptMark(peer.id)} mask 0xffff0f00 output-mark 0xd00 mask 0xffffff00`;
  return state(options, peer[end], view.self[end], marks, saKey(options, peer, view.self, end));
}

/** All SAs of a node. */
export function statesPlan(options: IpsecOptions, view: View): string[] {
  const out = view.peers.flatMap((peer) => ends(options).map((end) => outState(options, view, peer, end)));
  if (options.profile.inState === 'any-peer') {
    if (options.key.perTunnel) throw new RangeError(`Cilium ${options.profile.version} has one in SA for all peers: no per-tunnel keys`);
    const marks = 'mark 0xd00 mask 0xf00 output-mark 0xd00 mask 0xffffff00';
    return [...out, state(options, '0.0.0.0', view.self.internal, marks, saKey(options, view.self, view.self, 'internal'))];
  }
  return [...out, ...view.peers.flatMap((peer) => ends(options).map((end) => inState(options, view, peer, end)))];
}
