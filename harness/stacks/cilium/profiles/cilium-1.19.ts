import { asDocumented } from '../../origin.ts';
import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_18, AGENT_1_20 } from './agent-dialect.ts';
import { cilium120 } from './cilium-1.20.ts';
import { wireguardFrom118 } from './wireguard-data.ts';

const BETWEEN = 'between agents 1.18.3 and 1.20.0-dev, which are equal here';

/** Cilium 1.19, from its source, as a whole seen right on agent 1.19.4: the ip rule for 0xe00 is gone (cilium/cilium #41699), strict mode has the new names (upgrade notes). */
export const cilium119: CiliumProfile = {
  ...cilium120,
  id: '1.19',
  title: 'Cilium 1.19, from its source and agent 1.19.4',
  agent: {
    ...AGENT_1_18,
    version: '1.19.4',
    hubbleSelectsEncrypted: true,
    strictMode: AGENT_1_20.strictMode,
    strictIngress: ['vxlan', 'geneve'],
  },
  ipsec: asDocumented(cilium120.ipsec, `${BETWEEN}; #41699 removed the rule for 0xe00`),
  wireguard: asDocumented(wireguardFrom118(BETWEEN), BETWEEN),
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.19.4, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.19.4, two nodes' },
  ],
};
