import { labRefusal } from '../../../clusters/lab/lab-refusal.ts';
import { catalogue } from '../../../suites/catalogue.ts';
import type { Intent } from '../../model/intent.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import { ipsec, kernelTlsMesh, layoutName, mesh, tlsMesh, wireguard } from './layouts.ts';
import { type LabSource, type PlannedCell, PROBE, probeOf } from './planned-cell.ts';

/** A healthy cluster that must be green in every check. */
interface HealthyVariant {
  /** H01 to H18, H29 to H31, H33, H35, H38, H41 to H45, and H20 to H28, H32, H34, H36 and H37 for what may happen to a healthy cluster; one id may have several layouts. */
  readonly id: string;
  readonly what: string;
  readonly intent: Intent;
  /** Default 2. */
  readonly nodes?: number;
  /** Default `steady`. */
  readonly scenario?: ScenarioName;
  /** Differences from {@link PROBE}. */
  readonly source?: Partial<LabSource>;
  /** Added to the cell's id, if the layout does not distinguish it from others. */
  readonly suffix?: string;
  /** More may be sent than can be captured: then the run must be inconclusive, never worse. */
  readonly mayDrop?: boolean;
  /** Also in the quick matrix. */
  readonly quick?: true;
}

/** Checks that need complete captures. */
const ON_CAPTURES = catalogue.map(({ id }) => id).filter((id) => /^(WIR-|XFR-09|WGD-06)/.test(id));

const DUAL_STACK: Partial<Intent> = { families: ['ipv4', 'ipv6'] };

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
  { id: 'H29', what: 'WireGuard with strict mode for ingress', intent: wireguard({ profile: '1.20', strictIngress: true }) },
  {
    id: 'H29',
    what: 'WireGuard with strict mode for ingress, both families',
    intent: wireguard({ profile: '1.20', strictIngress: true, ...DUAL_STACK }),
  },
  {
    id: 'H29',
    what: 'WireGuard with strict mode for ingress, native routing, both families',
    intent: wireguard({ profile: '1.20', routing: 'native', strictIngress: true, ...DUAL_STACK }),
  },
  { id: 'H30', what: 'IPsec with a declared cryptoperiod', intent: ipsec({ cryptoperiodDays: 365 }) },
  { id: 'H38', what: 'IPsec and pods that use SCTP', intent: ipsec({ sctp: true }) },
  { id: 'H38', what: 'WireGuard and pods that use SCTP', intent: wireguard({ sctp: true }) },
  {
    id: 'H38',
    what: 'WireGuard and pods that use SCTP, native routing, both families',
    intent: wireguard({ routing: 'native', sctp: true, ...DUAL_STACK }),
  },
  {
    id: 'H44',
    what: 'IPsec, and SNAT of requests from outside is claimed',
    intent: ipsec({ loadBalancer: 'snat', loadBalancerXdp: false }),
  },
  {
    id: 'H44',
    what: 'WireGuard, and SNAT of requests from outside is claimed',
    intent: wireguard({ loadBalancer: 'snat', loadBalancerXdp: false }),
  },
  {
    id: 'H42',
    what: 'IPsec, native routing as 1.20, and what Hubble calls encrypted',
    intent: ipsec({ profile: '1.20', routing: 'native' }),
  },
  {
    id: 'H42',
    what: 'WireGuard, native routing as 1.20, and what Hubble calls encrypted',
    intent: wireguard({ profile: '1.20', routing: 'native' }),
  },
  { id: 'H43', what: 'IPsec, and pods reach outside by an egress gateway', intent: ipsec({ egressGateway: 'node2' }) },
  { id: 'H43', what: 'WireGuard, and pods reach outside by an egress gateway', intent: wireguard({ egressGateway: 'node2' }) },
  { id: 'H08', what: 'dual stack, IPsec', intent: ipsec(DUAL_STACK) },
  { id: 'H08', what: 'dual stack, WireGuard', intent: wireguard(DUAL_STACK) },
  { id: 'H09', what: 'CBC with HMAC-SHA-256', intent: ipsec(), source: { key: 'cbc-sha256' }, suffix: 'cbc-sha256' },
  { id: 'H10', what: 'a key of 256 bits', intent: ipsec(), source: { key: 'gcm-256' }, suffix: 'gcm-256' },
  {
    id: 'H11',
    what: 'rotation from key id 15 to 1',
    intent: ipsec(),
    scenario: 'rotation',
    source: { keyId: 15 },
    suffix: 'rotation from 15',
  },
  { id: 'H11', what: 'rotation to the next key id', intent: ipsec({ profile: '1.17' }), scenario: 'rotation', suffix: 'rotation' },
  { id: 'H12', what: 'three nodes', intent: ipsec(), nodes: 3 },
  { id: 'H12', what: 'five nodes', intent: ipsec(), nodes: 5 },
  { id: 'H13', what: 'an idle minute', intent: ipsec(), source: { meanwhile: 'idle-minute' }, suffix: 'idle' },
  { id: 'H13', what: 'an idle minute', intent: wireguard(), source: { meanwhile: 'idle-minute' }, suffix: 'idle' },
  { id: 'H14', what: 'heavy load', intent: ipsec(), source: { meanwhile: 'heavy-load' }, suffix: 'load', mayDrop: true },
  { id: 'H14', what: 'heavy load', intent: wireguard(), source: { meanwhile: 'heavy-load' }, suffix: 'load', mayDrop: true },
  {
    id: 'H15',
    what: 'ARP, node traffic and API traffic beside every flow of the matrix, after an un-encrypted phase',
    intent: ipsec(),
    source: { flows: 'all', clearPhase: true },
  },
  { id: 'H16', what: 'per-tunnel keys: ESN and a replay window of 1024', intent: ipsec({ profile: '1.16' }) },
  {
    id: 'H17',
    what: 'decrypted packets seen again on the uplink',
    intent: ipsec({ profile: '1.17', routing: 'native' }),
    // Flows of pods whose veth is not captured have their positive control only in the un-encrypted phase.
    source: { flows: 'all', clearPhase: true },
  },
  { id: 'H20', what: 'agents restarted under load', intent: ipsec(), scenario: 'agent-restart' },
  { id: 'H20', what: 'agents restarted under load', intent: wireguard(), scenario: 'agent-restart' },
  { id: 'H21', what: 'pods added and deleted under load', intent: ipsec(), scenario: 'pod-churn' },
  { id: 'H21', what: 'pods added and deleted under load', intent: wireguard(), scenario: 'pod-churn' },
  { id: 'H22', what: 'a node joins under load', intent: ipsec(), scenario: 'node-join', nodes: 3 },
  { id: 'H22', what: 'a node joins under load', intent: wireguard(), scenario: 'node-join', nodes: 3 },
  { id: 'H23', what: 'a node leaves under load', intent: ipsec(), scenario: 'node-leave', nodes: 3 },
  { id: 'H26', what: 'an agent starts on a node that has pods', intent: ipsec(), scenario: 'agent-start' },
  { id: 'H26', what: 'an agent starts on a node that has pods', intent: wireguard(), scenario: 'agent-start' },
  { id: 'H27', what: 'a node is cut off and comes back under load', intent: ipsec(), scenario: 'node-restart' },
  { id: 'H27', what: 'a node is cut off and comes back under load', intent: wireguard(), scenario: 'node-restart' },
  { id: 'H28', what: 'a pod is deleted while it sends, and its address is used again', intent: ipsec(), scenario: 'pod-delete' },
  { id: 'H28', what: 'a pod is deleted while it sends, and its address is used again', intent: wireguard(), scenario: 'pod-delete' },
  { id: 'H32', what: 'a watch that counts ciphertext', intent: ipsec(), scenario: 'observe' },
  { id: 'H32', what: 'a watch that counts ciphertext', intent: wireguard(), scenario: 'observe' },
  { id: 'H24', what: 'encryption turned off under load, as stated', intent: ipsec(), scenario: 'disable' },
  { id: 'H25', what: 'a plain WireGuard mesh', intent: mesh(), quick: true },
  { id: 'H25', what: 'a mesh as flannel has it', intent: mesh('flannel') },
  {
    id: 'H35',
    what: 'IPsec after an update in place from 1.16, whose `in` policies are left',
    intent: ipsec({ profile: '1.17' }),
    source: { updatedInPlace: true },
    suffix: 'updated in place',
  },
  { id: 'H31', what: 'a WireGuard mesh with preshared keys', intent: { ...mesh(), presharedKeys: true } },
  { id: 'H33', what: 'a TLS mesh', intent: tlsMesh(), source: probeOf(tlsMesh()), quick: true },
  {
    id: 'H45',
    what: 'a TLS mesh with a transport header, whose pods take plaintext by default',
    intent: tlsMesh('transport-header'),
    source: probeOf(tlsMesh('transport-header')),
  },
  { id: 'H34', what: 'certificates of a TLS mesh renewed under load', intent: tlsMesh(), scenario: 'rotation', source: probeOf(tlsMesh()) },
  {
    id: 'H36',
    what: 'a node of a TLS mesh is cut off and comes back under load',
    intent: tlsMesh(),
    scenario: 'node-restart',
    source: probeOf(tlsMesh()),
  },
  { id: 'H37', what: 'a TLS mesh turned off under load, as stated', intent: tlsMesh(), scenario: 'disable', source: probeOf(tlsMesh()) },
  { id: 'H41', what: 'a TLS mesh whose records the kernel makes', intent: kernelTlsMesh(), source: probeOf(kernelTlsMesh()) },
  { id: 'H18', what: 'nothing is claimed to be encrypted', intent: ipsec({ mode: 'none', perTunnelKeys: false }), quick: true },
];

/** @param quick only the few variants of the quick matrix */
export function healthyCells(quick: boolean): PlannedCell[] {
  return VARIANTS.filter((variant) => !quick || variant.quick).map(plannedOf);
}

function plannedOf({ id, what, intent, nodes = 2, scenario = 'steady', source, suffix, mayDrop = false }: HealthyVariant): PlannedCell {
  const words = [id, layoutName(intent), nodes === 2 ? undefined : `${nodes} nodes`, suffix];
  const refusal = labRefusal(intent);
  return {
    cell: {
      id: words.filter((word) => word !== undefined).join(' '),
      subject: id,
      kind: 'healthy',
      what,
      intent,
      scenario,
      nodes,
      reddens: [],
      implies: mayDrop ? ON_CAPTURES : [],
    },
    source: refusal === null ? { ...PROBE, ...source } : { kind: 'absent', reason: `the lab cannot configure it: ${refusal.why}` },
  };
}
