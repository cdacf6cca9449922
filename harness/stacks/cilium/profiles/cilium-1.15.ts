import { asDocumented, documented } from '../../origin.ts';
import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_17 } from './agent-dialect.ts';
import { cilium116 } from './cilium-1.16.ts';
import { LARGE_DATAGRAM_LOST, TREATMENTS_1_15 } from './treatments.ts';
import { wireguard116 } from './wireguard-data.ts';

const SOURCE = 'pkg/datapath/linux/ipsec of 1.15: as 1.16';

/** Cilium 1.15, from its source and agent 1.15.10: 1.16's layout. */
export const cilium115: CiliumProfile = {
  ...cilium116,
  id: '1.15',
  title: 'Cilium 1.15, from its source and agent 1.15.10',
  agent: { ...AGENT_1_17, version: '1.15.10' },
  ipsec: {
    ...asDocumented(cilium116.ipsec, SOURCE),
    perTunnelKeys: documented('with-plus', 'GHSA-pwqm-x5x6-5586: from 1.15.3'),
  },
  wireguard: wireguard116('1.15'),
  treatments: [LARGE_DATAGRAM_LOST, ...TREATMENTS_1_15],
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.15.10, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.15.10, two nodes' },
  ],
};
