import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_20 } from './agent-dialect.ts';
import { ipsec118 } from './ipsec-modern.ts';
import { TREATMENTS_FROM_1_18 } from './treatments.ts';
import { wireguardFrom118 } from './wireguard-data.ts';

/** Cilium 1.20, from agent 1.20.0-dev: as 1.18, without the ip rule for 0xe00. */
export const cilium120: CiliumProfile = {
  id: '1.20',
  title: 'Cilium 1.20, from agent 1.20.0-dev',
  agent: AGENT_1_20,
  ipsec: ipsec118('agent 1.20.0-dev, two nodes, vxlan', { encryptRule: false, nativeAgent: 'agent 1.18.3, two nodes, native' }),
  wireguard: wireguardFrom118('agent 1.20.0-dev, two nodes, vxlan'),
  treatments: TREATMENTS_FROM_1_18,
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agents 1.20.0-dev and 1.20.2, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.20.2, two nodes' },
    { mode: 'ipsec', routing: 'geneve', agent: 'agent 1.20.2, two nodes' },
    { mode: 'wireguard', routing: 'geneve', agent: 'agent 1.20.2, two nodes' },
    { mode: 'wireguard', routing: 'native', agent: 'agent 1.20.2, two nodes' },
  ],
};
