import { ipsec117 } from './ipsec-modern.ts';
import { documented } from './origin.ts';
import type { Profile } from './profile.ts';
import { TREATMENTS_TO_1_17 } from './treatments.ts';
import { wireguardTo117 } from './wireguard-data.ts';

/** Cilium 1.17, from agent 1.17.8. */
export const cilium117: Profile = {
  id: '1.17',
  title: 'Cilium 1.17, from agent 1.17.8',
  ipsec: ipsec117('agent 1.17.8, two nodes, vxlan'),
  wireguard: wireguardTo117(
    documented([0x1e00, 0xe00], 'agents 1.14.5 (0x1e00) and 1.18.3 (0xe00); the change lies between'),
    'pkg/wireguard of 1.17',
  ),
  treatments: TREATMENTS_TO_1_17,
};
