import { STRICT_INGRESS } from '../plan/strict-mode.ts';
import { layoutsWhere } from '../profile.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { anyPair, filterBatch } from './on-first-node.ts';

/** GHSA-g8fc-vrcg-8vjg (Constellation): what pods send is encrypted, and they accept what anybody sends them in the clear. */
export const INGRESS_OPEN: DatapathFault = {
  id: 'L83',
  what: 'the second node accepts readable packets between pods, though strict mode for ingress is claimed and configured',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'wireguard', profiles: layoutsWhere(({ strictIngress }) => strictIngress.length > 0), strictIngress: true }, 'WIR-14'),
  ],
  why: 'the filter at the uplink is gone, the configuration still says strict; everything that the nodes send is encrypted as before, so only a packet from outside shows it',
  inject: async (context) => {
    if (context.laid !== 'wireguard' || context.options.intent.strictIngress !== true)
      throw new RangeError('fault L83 needs WireGuard with strict mode for ingress');
    const { self } = anyPair(context, 'L83').other;
    const { routing, families } = context.options.intent;
    // A tunnel runs over IPv4 alone.
    const prefs = STRICT_INGRESS.filter((_, six) =>
      six === 0 ? routing !== 'native' || families.includes('ipv4') : routing === 'native' && families.includes('ipv6'),
    );
    await filterBatch(context, self.name, { tc: prefs.map((pref) => `filter del dev ${self.uplink} ingress pref ${pref}`) }, 'fault L83');
  },
};
