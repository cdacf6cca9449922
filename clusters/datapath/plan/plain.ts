import type { Routing } from '../../../harness/model/mode.ts';
import type { View } from '../topology.ts';
import { masqueradeChain, nftTable } from './masquerade.ts';
import { mergePlans, type NodePlan } from './node-plan.ts';
import { tunnelOf, tunnelPlan } from './tunnel.ts';

/** Route MTU of pods without encryption over links of 1500. */
export const plainRouteMtu = (routing: Routing): number => (routing === 'native' ? 1500 : 1450);

/** What a cluster without encryption adds to the base of a node. */
export function plainPlan(view: View, routing: Routing): NodePlan {
  const tunnel = tunnelOf(routing);
  return tunnel === undefined ? mergePlans() : mergePlans(tunnelPlan(view, tunnel), { nft: nftTable(masqueradeChain(view)) });
}
