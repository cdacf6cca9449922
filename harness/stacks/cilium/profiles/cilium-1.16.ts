import { asDocumented, documented, recorded } from '../../origin.ts';
import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_17 } from './agent-dialect.ts';
import { ipsec117 } from './ipsec-modern.ts';
import {
  BLOCK_POLICY,
  FWD_POLICY,
  HOST_PAIR,
  IDLE_NODE_PAIR,
  IN_POD_POLICY,
  IN_PROXY_POLICY,
  OUT_NODE_POLICY,
  OUT_POD_POLICY,
} from './parts.ts';
import { LARGE_DATAGRAM_LOST, TREATMENTS_FROM_1_16_TO_1_17 } from './treatments.ts';
import { wireguard116 } from './wireguard-data.ts';

const SOURCE = 'pkg/datapath/linux/ipsec of 1.16, between agents 1.14.5 and 1.17.8';
const base = ipsec117(SOURCE);
const node = { ...IDLE_NODE_PAIR, presence: 'optional' } as const;
/** Two `in` policies for each pod CIDR, seen on agent 1.16.2; source pkg/datapath/linux/ipsec/ipsec_linux.go:607-644. */
const policies = [
  OUT_POD_POLICY,
  IN_POD_POLICY,
  { ...IN_PROXY_POLICY, presence: 'optional' } as const,
  FWD_POLICY,
  BLOCK_POLICY,
  { ...OUT_NODE_POLICY, presence: 'optional' } as const,
];
const AGENT = 'agent 1.16.2, two nodes, vxlan';

/**
 * Cilium 1.16, from its source and agent 1.16.2: 1.17's layout except for the `in` policies; the idle SA pair between nodes was added in a
 * patch release, so it may be absent.
 */
export const cilium116: CiliumProfile = {
  id: '1.16',
  title: 'Cilium 1.16, from its source',
  agent: { ...AGENT_1_17, version: '1.16.2' },
  ipsec: {
    ...asDocumented(base),
    perTunnelKeys: documented(
      'with-plus',
      'pkg/datapath/linux/ipsec/ipsec_linux.go of 1.16.2, getNodeIPsecKey: derived where the id has a +',
    ),
    saPairs: {
      vxlan: documented([HOST_PAIR, node], SOURCE),
      geneve: documented([HOST_PAIR, node], SOURCE),
      native: documented([HOST_PAIR], SOURCE),
    },
    policies: {
      vxlan: recorded(policies, AGENT),
      geneve: documented(policies, SOURCE),
      native: documented(policies.slice(0, 5), SOURCE),
    },
  },
  wireguard: wireguard116('1.16'),
  treatments: [LARGE_DATAGRAM_LOST, ...TREATMENTS_FROM_1_16_TO_1_17],
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.16.2, two nodes' },
    { mode: 'ipsec', routing: 'native', agent: 'agent 1.16.2, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.16.2, two nodes' },
    { mode: 'wireguard', routing: 'native', agent: 'agent 1.16.2, two nodes' },
  ],
};
