import { layoutRefusal } from '../../../clusters/datapath/layout-refusal.ts';
import type { Intent } from '../../model/intent.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import { ipsec, layoutName, wireguard } from './layouts.ts';
import { type LabSource, type PlannedCell, PROBE } from './planned-cell.ts';

/** A healthy cluster that must be green in every check. */
interface HealthyVariant {
  /** H01 to H18; one id may have several layouts. */
  readonly id: string;
  readonly what: string;
  readonly intent: Intent;
  /** Default 2. */
  readonly nodes?: number;
  /** Default `steady`. */
  readonly scenario?: ScenarioName;
  /** Default {@link PROBE}. */
  readonly source?: LabSource;
  /** Also in the quick matrix. */
  readonly quick?: true;
}

const DUAL_STACK: Partial<Intent> = { families: ['ipv4', 'ipv6'] };
const WHOLE: LabSource = { kind: 'lab', flows: 'all', clearPhase: true };

const VARIANTS: readonly HealthyVariant[] = [
  { id: 'H01', what: 'IPsec over VXLAN as up to 1.17', intent: ipsec({ profile: '1.17' }), quick: true },
  { id: 'H01', what: 'IPsec over VXLAN as 1.14, one key', intent: ipsec({ profile: '1.14', perTunnelKeys: false }) },
  { id: 'H02', what: 'IPsec over VXLAN as from 1.18', intent: ipsec(), quick: true },
  { id: 'H02', what: 'IPsec over VXLAN as 1.20', intent: ipsec({ profile: '1.20' }) },
  { id: 'H03', what: 'IPsec over Geneve', intent: ipsec({ routing: 'geneve' }) },
  { id: 'H04', what: 'IPsec, native routing', intent: ipsec({ routing: 'native' }) },
  { id: 'H05', what: 'WireGuard, native routing', intent: wireguard({ routing: 'native' }) },
  { id: 'H06', what: 'WireGuard with VXLAN', intent: wireguard(), quick: true },
  { id: 'H06', what: 'WireGuard with VXLAN as 1.14', intent: wireguard({ profile: '1.14' }) },
  { id: 'H07', what: 'WireGuard with node encryption', intent: wireguard({ nodeEncryption: true }) },
  { id: 'H08', what: 'dual stack, IPsec', intent: ipsec(DUAL_STACK) },
  { id: 'H08', what: 'dual stack, WireGuard', intent: wireguard(DUAL_STACK) },
  { id: 'H12', what: 'three nodes', intent: ipsec(), nodes: 3 },
  { id: 'H12', what: 'five nodes', intent: ipsec(), nodes: 5 },
  {
    id: 'H15',
    what: 'ARP, node traffic and API traffic beside every flow of the matrix, after an un-encrypted phase',
    intent: ipsec(),
    source: WHOLE,
  },
  { id: 'H16', what: 'per-tunnel keys: ESN and a replay window of 1024', intent: ipsec({ profile: '1.16' }) },
  {
    id: 'H17',
    what: 'decrypted packets seen again on the uplink',
    intent: ipsec({ profile: '1.17', routing: 'native' }),
    source: { ...PROBE, flows: 'all' },
  },
  { id: 'H18', what: 'nothing is claimed to be encrypted', intent: ipsec({ mode: 'none', perTunnelKeys: false }), quick: true },
];

/** @param quick only the few variants of the quick matrix */
export function healthyCells(quick: boolean): PlannedCell[] {
  return VARIANTS.filter((variant) => !quick || variant.quick).map(
    ({ id, what, intent, nodes = 2, scenario = 'steady', source = PROBE }) => {
      const size = nodes === 2 ? '' : ` ${nodes} nodes`;
      const refusal = layoutRefusal(intent);
      return {
        cell: {
          id: `${id} ${layoutName(intent)}${size}`,
          subject: id,
          kind: 'healthy',
          what,
          intent,
          scenario,
          nodes,
          reddens: [],
          implies: [],
        },
        source: refusal === null ? source : { kind: 'absent', reason: `the lab cannot lay it out: ${refusal.why}` },
      };
    },
  );
}
