import { ENCRYPTING_MODES } from '../../model/mode.ts';
import type { Stack } from '../stack.ts';
import { collectorsFor } from './collect.ts';
import { DEVICES } from './names.ts';
import { profileFor, profiles } from './profiles/profile-for.ts';

/** Transparent encryption by Cilium: IPsec or WireGuard, laid out by an agent on each node. */
export const cilium: Stack = {
  name: 'cilium',
  profiles,
  profileFor,
  // The release that the project began with.
  defaults: { profile: '1.16', modes: ENCRYPTING_MODES, routing: 'vxlan' },
  refuse: () => null,
  collectors: collectorsFor,
  tunnelDevice: (routing) => (routing === 'native' ? null : DEVICES[routing]),
  wireguardDevice: () => DEVICES.wireguard,
};
