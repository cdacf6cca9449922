import { BARE_IN_WIREGUARD, BOTH, CLEAR, cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { filterBatch, firstPair } from './on-first-node.ts';

/** Seen in the field: the redirect into the device is lost, and the tunnel leaves unencrypted. */
export const AROUND_WIREGUARD: DatapathFault = {
  id: 'L20',
  what: 'the first node sends traffic for WireGuard around the device',
  like: 'F03, F21',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'wireguard', routings: ['native'], families: BOTH }, 'WIR-01 WIR-03', CLEAR, 'WGD-06'),
    cell({ mode: 'wireguard', profiles: BARE_IN_WIREGUARD, families: BOTH }, 'WIR-01 WIR-03', CLEAR, 'WGD-06'),
    // The simulated agent reads node encryption from the redirect, which is gone.
    cell({ mode: 'wireguard', nodeEncryption: true }, 'WIR-01 WIR-03 WGD-06', CLEAR, 'PRE-01 CFG-05'),
    cell({ mode: 'wireguard' }, 'WIR-01 WIR-03 WGD-06', CLEAR),
  ],
  why: 'without the redirect on the way out the tunnel, or the pod packet, leaves in the clear; the peer takes it, and its answers come encrypted',
  inject: async (context) => {
    const { view } = firstPair(context, 'L20', 'wireguard');
    const { routing, nodeEncryption } = context.options.intent;
    const bare = routing !== 'native' && !context.profile.wireguard.encapsulates;
    const from = bare ? 'cilium_host' : view.self.uplink;
    const lines = [`filter del dev ${from} egress pref 5`, ...(nodeEncryption ? [`filter del dev ${view.self.uplink} egress pref 4`] : [])];
    await filterBatch(context, view.self.name, { tc: lines }, 'fault L20');
  },
};
