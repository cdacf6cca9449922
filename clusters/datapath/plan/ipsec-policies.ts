import { encryptMark } from '../marks.ts';
import type { Peer, View } from '../topology.ts';
import type { IpsecOptions } from './ipsec-states.ts';

const ANY = '0.0.0.0/0';

/** Selector and mark of the out policy for a peer's pod CIDR: what `ip xfrm policy delete` needs too. */
export function outSelector(options: IpsecOptions, peer: Peer): string {
  return `src ${ANY} dst ${peer.podCidr} dir out mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00`;
}

/** The same for the peer's node address. */
export function nodeOutSelector(options: IpsecOptions, view: View, peer: Peer): string {
  return `src ${view.self.address}/32 dst ${peer.address}/32 dir out mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00`;
}

/** Whatever carries the encrypt mark and met no other policy is dropped, not sent in the clear. */
export const BLOCK_SELECTOR = `src ${ANY} dst ${ANY} dir out mark 0xe00 mask 0xf00`;

/** All policies of a node, as the recorded agents of the profile have them. */
export function policiesPlan(options: IpsecOptions, view: View): string[] {
  const { self } = view;
  const spi = options.key.id;
  const lines = view.peers.flatMap((peer) => {
    const pods = `xfrm policy add ${outSelector(options, peer)} tmpl src ${self.internal} dst ${peer.internal} proto esp spi ${spi} reqid 1 mode tunnel`;
    if (!options.profile.nodePair || !options.tunnel) return [pods];
    return [
      pods,
      `xfrm policy add ${nodeOutSelector(options, view, peer)} tmpl src ${self.address} dst ${peer.address} proto esp spi ${spi} reqid 1 mode tunnel`,
    ];
  });
  lines.push(`xfrm policy add ${BLOCK_SELECTOR} action block priority 100`);
  if (options.profile.inPolicies === 'wildcard') {
    const any = 'tmpl src 0.0.0.0 dst 0.0.0.0 proto esp reqid 0 mode tunnel level use';
    lines.push(`xfrm policy add src ${ANY} dst ${ANY} dir in ${any}`, `xfrm policy add src ${ANY} dst ${ANY} dir fwd priority 2975 ${any}`);
  } else {
    const own = `tmpl src 0.0.0.0 dst ${self.internal} proto esp reqid 1 mode tunnel`;
    lines.push(
      `xfrm policy add src ${ANY} dst ${self.podCidr} dir in mark 0xd00 mask 0xf00 ${own}`,
      `xfrm policy add src ${ANY} dst ${self.podCidr} dir in mark 0x200 mask 0xf00 ${own} level use`,
      `xfrm policy add src ${ANY} dst ${ANY} dir fwd priority 2975 ${own} level use`,
    );
  }
  return lines;
}
