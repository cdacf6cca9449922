import { documented, recorded } from '../../origin.ts';
import type { CiliumProfile } from '../../profile.ts';
import { AGENT_1_14 } from './agent-dialect.ts';
import { ipsec117 } from './ipsec-modern.ts';
import { IN_MARK_PLAIN } from './marks.ts';
import { BLOCK_POLICY, FWD_POLICY, HOST_PAIR, IN_POD_POLICY, IN_PROXY_POLICY, OUT_POD_POLICY } from './parts.ts';
import { LARGE_DATAGRAM_LOST, TREATMENTS_1_14 } from './treatments.ts';
import { wireguard114 } from './wireguard-data.ts';

const AGENT = 'agent 1.14.5, two nodes, vxlan';
const ASSUMED = `${AGENT}: this routing was not recorded`;
const base = ipsec117(AGENT);
const policies = [OUT_POD_POLICY, IN_POD_POLICY, IN_PROXY_POLICY, FWD_POLICY, BLOCK_POLICY];

/** Cilium 1.14, from agent 1.14.5: one shared key, one in SA for all peers, no ESN. */
export const cilium114: CiliumProfile = {
  id: '1.14',
  title: 'Cilium 1.14, from agent 1.14.5',
  agent: AGENT_1_14,
  ipsec: {
    ...base,
    saPairs: { vxlan: recorded([HOST_PAIR], AGENT), geneve: documented([HOST_PAIR], ASSUMED), native: documented([HOST_PAIR], ASSUMED) },
    sharedInSa: recorded(true, AGENT),
    inMark: recorded(IN_MARK_PLAIN, AGENT),
    perTunnelKeys: recorded('never', `${AGENT}: refuses a key id with +`),
    esn: recorded(false, AGENT),
    replayWindow: recorded(0, AGENT),
    policies: { vxlan: recorded(policies, AGENT), geneve: documented(policies, ASSUMED), native: documented(policies, ASSUMED) },
    blockPolicyOutlives: recorded(false, 'agent 1.14.5, encryption disabled'),
  },
  wireguard: wireguard114(AGENT),
  treatments: [LARGE_DATAGRAM_LOST, ...TREATMENTS_1_14],
  seen: [
    { mode: 'ipsec', routing: 'vxlan', agent: 'agent 1.14.5, two nodes' },
    { mode: 'wireguard', routing: 'vxlan', agent: 'agent 1.14.5, two nodes' },
    { mode: 'wireguard', routing: 'native', agent: 'agent 1.14.5, two nodes' },
  ],
};
