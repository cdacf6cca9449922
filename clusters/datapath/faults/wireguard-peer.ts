import { applyScript } from '../apply.ts';
import { lookUp } from '../context.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { WIREGUARD_DEVICE } from '../plan/wireguard.ts';
import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair } from './on-first-node.ts';

export const PEER_GONE: DatapathFault = {
  id: 'L17',
  what: 'one WireGuard peer is removed on the first node',
  like: 'F23',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    {
      mode: 'wireguard',
      reddens: checks('WGD-02'),
      implies: checks('WGD-03 WGD-04 WGD-05 WGD-06 WIR-01 WIR-02 WIR-03 WIR-10 WIR-11 WIR-13'),
    },
  ],
  why: '',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L17', 'wireguard');
    const { publicKey } = lookUp(context.wireguardKeys, peer.name, 'WireGuard key');
    await applyScript(context.options.host(view.self.name), `wg set ${WIREGUARD_DEVICE} peer ${publicKey} remove\n`, 'fault L17');
  },
};

export const PUBLISHED_KEY_DIFFERS: DatapathFault = {
  id: 'L19',
  what: "the public key in the first node's CiliumNode is not the device's",
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [{ mode: 'wireguard', reddens: checks('WGD-03 WIR-08'), implies: checks('') }],
  why: '',
  inject: async (context) => {
    const { view } = firstPair(context, 'L19', 'wireguard');
    context.publishedKeys.set(view.self.name, newWireguardKey().publicKey);
  },
};
