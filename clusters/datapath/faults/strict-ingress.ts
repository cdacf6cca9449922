import { STRICT_INGRESS } from '../plan/strict-mode.ts';
import { layoutsWhere } from '../profile.ts';
import { cell, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** GHSA-g8fc-vrcg-8vjg (Constellation): what pods send is encrypted, and they accept what anybody sends them in the clear. */
export const INGRESS_OPEN: DatapathFault = {
  id: 'L83',
  what: 'the second node accepts readable tunnel packets, though strict mode for ingress is claimed and configured',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'wireguard', routings: TUNNELS, profiles: layoutsWhere(({ strictIngress }) => strictIngress), strictIngress: true },
      'WIR-14',
    ),
  ],
  why: 'the filter at the uplink is gone, the configuration still says strict; everything that the nodes send is encrypted as before, so only a packet from outside shows it',
  inject: async (context) => {
    if (context.laid !== 'wireguard' || context.options.intent.strictIngress !== true)
      throw new RangeError('fault L83 needs WireGuard with strict mode for ingress');
    const { self } = anyPair(context, 'L83').other;
    await filterBatch(context, self.name, { tc: [`filter del dev ${self.uplink} ingress pref ${STRICT_INGRESS}`] }, 'fault L83');
  },
};
