import { applyScript } from '../apply.ts';
import { lookUp } from '../context.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair } from './on-first-node.ts';

export const PEER_GONE: DatapathFault = {
  id: 'L17',
  what: 'one WireGuard peer is removed on the first node',
  when: 'after-enable',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L17', 'wireguard');
    const { publicKey } = lookUp(context.wireguardKeys, peer.name, 'WireGuard key');
    await applyScript(context.options.host(view.self.name), `wg set ${WIREGUARD_DEVICE} peer ${publicKey} remove\n`, 'fault L17');
  },
};

export const PUBLISHED_KEY_DIFFERS: DatapathFault = {
  id: 'L19',
  what: "the public key in the first node's CiliumNode is not the device's",
  when: 'after-enable',
  inject: async (context) => {
    const { view } = firstPair(context, 'L19', 'wireguard');
    context.publishedKeys.set(view.self.name, newWireguardKey().publicKey);
  },
};
