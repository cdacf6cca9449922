import type { Family } from '../../../harness/model/mode.ts';
import { encryptMark } from '../marks.ts';
import { isUnderlay, type Peer, perFamily, type Site, type View } from '../topology.ts';
import type { IpsecOptions } from './ipsec-states.ts';

/** The wildcard address and the wildcard network of a family. */
const ANY_ADDRESS: Readonly<Record<Family, string>> = { ipv4: '0.0.0.0', ipv6: '::' };
const any = (family: Family) => `${ANY_ADDRESS[family]}/0`;

/** Selector and mark of the out policy for a peer's pod CIDR: what `ip xfrm policy delete` needs too. */
export function outSelector(options: IpsecOptions, peer: Peer): string {
  return `src ${any(peer.family)} dst ${peer.podCidr} dir out mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00`;
}

/** The same for the peer's node address. */
export function nodeOutSelector(options: IpsecOptions, view: View, peer: Peer): string {
  return `src ${view.self.address}/32 dst ${peer.address}/32 dir out mark ${encryptMark(peer.id, options.key.id)} mask 0xffffff00`;
}

/** A packet with the encrypt mark that matches no other policy is dropped, not sent in the clear; each family has its own policy. */
export function blockSelector(family: Family): string {
  return `src ${any(family)} dst ${any(family)} dir out mark 0xe00 mask 0xf00`;
}

/** The block policy of IPv4. */
export const BLOCK_SELECTOR = blockSelector('ipv4');

/**
 * All policies of a node, as the recorded agents of the profile have them; those of IPv6 are the same with its addresses
 * (pkg/datapath/linux/ipsec.go, enableIPSecIPv6Do), but the pair between nodes exists only in the family of the tunnels.
 */
export function policiesPlan(options: IpsecOptions, view: View): string[] {
  return perFamily(view).flatMap((own) => familyPolicies(options, own));
}

function familyPolicies(options: IpsecOptions, view: View): string[] {
  const { self } = view;
  const ANY = any(self.family);
  const none = ANY_ADDRESS[self.family];
  const spi = options.key.id;
  const lines = view.peers.flatMap((peer) => {
    const pods = `xfrm policy add ${outSelector(options, peer)} tmpl src ${self.internal} dst ${peer.internal} proto esp spi ${spi} reqid 1 mode tunnel`;
    if (!options.profile.nodePair || !options.tunnel || !isUnderlay(self)) return [pods];
    return [
      pods,
      `xfrm policy add ${nodeOutSelector(options, view, peer)} tmpl src ${self.address} dst ${peer.address} proto esp spi ${spi} reqid 1 mode tunnel`,
    ];
  });
  lines.push(`xfrm policy add ${blockSelector(self.family)} action block priority 100`);
  if (options.profile.inPolicies === 'wildcard') {
    const wildcard = `tmpl src ${none} dst ${none} proto esp reqid 0 mode tunnel level use`;
    lines.push(
      `xfrm policy add src ${ANY} dst ${ANY} dir in ${wildcard}`,
      `xfrm policy add src ${ANY} dst ${ANY} dir fwd priority 2975 ${wildcard}`,
    );
    if (options.updatedInPlace === true) lines.push(...podPolicies(self));
  } else {
    lines.push(...podPolicies(self), `xfrm policy add src ${ANY} dst ${ANY} dir fwd priority 2975 ${ownTemplate(self)} level use`);
  }
  return lines;
}

/** The `in` policies of agents up to 1.16 for the pods of a node: decrypted packets, and what comes by a proxy. */
export function podPolicies(self: Site): string[] {
  const selector = `xfrm policy add src ${any(self.family)} dst ${self.podCidr} dir in mark`;
  return [`${selector} 0xd00 mask 0xf00 ${ownTemplate(self)}`, `${selector} 0x200 mask 0xf00 ${ownTemplate(self)} level use`];
}

/** The template of the node's own cilium_host address. */
function ownTemplate({ family, internal }: Site): string {
  return `tmpl src ${ANY_ADDRESS[family]} dst ${internal} proto esp reqid 1 mode tunnel`;
}
