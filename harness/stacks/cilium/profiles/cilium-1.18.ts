import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_18 } from './agent-dialect.ts';
import { ipsec118 } from './ipsec-modern.ts';
import { TREATMENTS_FROM_1_18 } from './treatments.ts';
import { wireguardFrom118 } from './wireguard-data.ts';

/** Cilium 1.18, from agent 1.18.3: the overlay itself is encrypted. */
export const cilium118: CiliumProfile = {
  id: '1.18',
  title: 'Cilium 1.18, from agent 1.18.3',
  agent: AGENT_1_18,
  ipsec: ipsec118('agent 1.18.3, two nodes, vxlan', { encryptRule: true, nativeAgent: 'agent 1.18.3, two nodes, native' }),
  wireguard: wireguardFrom118('agent 1.18.3, two nodes, vxlan'),
  treatments: TREATMENTS_FROM_1_18,
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.18.3, two nodes' },
    { mode: 'ipsec', routing: 'native', agent: 'agent 1.18.3, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.18.3, two nodes' },
    { mode: 'wireguard', routing: 'native', agent: 'agent 1.18.3, two nodes' },
  ],
};
