import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_17 } from './agent-dialect.ts';
import { ipsec117 } from './ipsec-modern.ts';
import { LARGE_DATAGRAM_LOST, TREATMENTS_FROM_1_16_TO_1_17 } from './treatments.ts';
import { wireguard116 } from './wireguard-data.ts';

/** Cilium 1.17, from agent 1.17.8. */
export const cilium117: CiliumProfile = {
  id: '1.17',
  title: 'Cilium 1.17, from agent 1.17.8',
  agent: AGENT_1_17,
  ipsec: ipsec117('agent 1.17.8, two nodes, vxlan'),
  wireguard: wireguard116('1.17'),
  treatments: [LARGE_DATAGRAM_LOST, ...TREATMENTS_FROM_1_16_TO_1_17],
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.17.8, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.17.8, two nodes' },
  ],
};
