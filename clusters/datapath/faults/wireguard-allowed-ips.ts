import { newWireguardKey } from '../keys/wireguard-key.ts';
import { layoutsWhere } from '../profile.ts';
import { cell, LOSS, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { configuredAllowedIps, firstPair, publicKeyOfNode, wgSet } from './on-first-node.ts';

/** Profiles with pod addresses in tunnel mode although the tunnel runs inside WireGuard. */
const POD_ADDRESS_UNUSED = layoutsWhere(({ wireguard }) => wireguard.encapsulates && wireguard.tunnelAllowedIps === 'node-and-pods');

export const ALLOWED_IP_MISSING: DatapathFault = {
  id: 'L18a',
  what: "the peer's allowed IPs on the first node lack an address: a pod's, or the node's where it is the only one",
  like: 'F23',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: TUNNEL_IN_ESP }, 'WGD-04', LOSS, 'WGD-06'),
    cell({ mode: 'wireguard', routings: TUNNELS, profiles: POD_ADDRESS_UNUSED }, 'WGD-04'),
    cell({ mode: 'wireguard' }, 'WGD-04', LOSS, 'WGD-06'),
  ],
  why: 'WireGuard drops what no peer allows, in both directions, and does not count what it received and dropped (drivers/net/wireguard/receive.c); where VXLAN runs inside, only the node address counts, and a missing pod address is without effect',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L18a', 'wireguard');
    const all = configuredAllowedIps(context, view, peer.name);
    const pod = all.find((range) => range.startsWith(`${peer.pods[0]?.address}/`));
    const kept = all.filter((range) => (pod === undefined ? !range.startsWith(`${peer.address}/`) : range !== pod));
    const words = `peer ${publicKeyOfNode(context, peer.name)} allowed-ips ${kept.length === 0 ? '""' : kept.join(',')}`;
    await wgSet(context, view.self.name, words, 'fault L18a');
  },
};

export const ALLOWED_IP_TWICE: DatapathFault = {
  id: 'L18b',
  what: 'a foreign peer on the first node claims a range in which the addresses of a real peer lie',
  like: 'F23',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'WGD-02 WGD-04')],
  why: 'the longest prefix decides, so the addresses still go to the right peer and all is answered; any address added later goes to the foreign one',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L18b', 'wireguard');
    const around = (address: string) => address.replace(/\.\d+$/, '.0/24');
    const words = `peer ${newWireguardKey().publicKey} allowed-ips ${around(peer.address)},${peer.podCidr}`;
    await wgSet(context, view.self.name, words, 'fault L18b');
  },
};
