import { newWireguardKey } from '../keys/wireguard-key.ts';
import { LAB_WIREGUARD_PORT } from '../plan/wireguard.ts';
import { cell, LOSS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { configuredAllowedIps, firstPair, publicKeyOfNode, wgSet } from './on-first-node.ts';

export const PEER_GONE: DatapathFault = {
  id: 'L17',
  what: 'one WireGuard peer is removed on the first node',
  like: 'F23',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'WGD-02', LOSS, 'CFG-08 WGD-04 WGD-05 WGD-06 WIR-08 WIR-13')],
  why: 'WireGuard drops what no peer allows, and answers no handshake of an unknown key: nothing flows either way',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L17', 'wireguard');
    await wgSet(context, view.self.name, `peer ${publicKeyOfNode(context, peer.name)} remove`, 'fault L17');
  },
};

export const PUBLISHED_KEY_DIFFERS: DatapathFault = {
  id: 'L19',
  what: "the public key in the first node's CiliumNode is not the device's",
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'WGD-03 WIR-08')],
  why: 'the peers have the right key, so all is answered; the mac1 of handshakes to that node is made for another key than the published one',
  inject: async (context) => {
    const { view } = firstPair(context, 'L19', 'wireguard');
    context.publishedKeys.set(view.self.name, newWireguardKey().publicKey);
  },
};

/** An address of the node network that no node has. */
const nobodyBeside = (address: string) => address.replace(/[^.:]+$/, '250');

/**
 * Both ends, because WireGuard takes a peer's new address from the first authentic packet. A session that expires needs 180 s; here there
 * is never a handshake.
 */
export const NO_HANDSHAKE: DatapathFault = {
  id: 'L21',
  what: 'the endpoints of two nodes for each other are changed to an address that no node has: no handshake comes about',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'WGD-02 WGD-05', LOSS, 'CFG-08 WIR-08 WIR-13')],
  why: 'initiations go to nobody, so no session exists although traffic was driven; the endpoint is no address of the peer',
  inject: async (context) => {
    const { view, other } = firstPair(context, 'L21', 'wireguard');
    const ends = [
      [view, other.self],
      [other, view.self],
    ] as const;
    // Removed on both first: a packet on its way would start the session that must not exist.
    for (const [{ self }, to] of ends) await wgSet(context, self.name, `peer ${publicKeyOfNode(context, to.name)} remove`, 'fault L21');
    for (const [from, to] of ends) {
      const endpoint = `${nobodyBeside(to.underlay)}:${LAB_WIREGUARD_PORT}`;
      const allowed = configuredAllowedIps(context, from, to.name).join(',');
      await wgSet(
        context,
        from.self.name,
        `peer ${publicKeyOfNode(context, to.name)} endpoint ${endpoint} allowed-ips ${allowed}`,
        'fault L21',
      );
    }
  },
};
