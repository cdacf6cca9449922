import { decodeXfrmState } from '../../decode/kernel/xfrm-state.ts';
import { ENCRYPTING_MODES } from '../../model/mode.ts';
import type { ReadTogether, Stack } from '../stack.ts';
import { collectorsFor } from './collect.ts';
import { decodeEncryptStatus } from './decode/encrypt-status.ts';
import { keyDerivation } from './key-derivation.ts';
import { DECRYPT_MARK, DEVICES, ENCRYPT_MARK, PROXY_TABLES, TABLE } from './names.ts';
import { minorOf, profileFor, profiles } from './profiles/profile-for.ts';
import { READINGS } from './readings.ts';
import { WORDS } from './words.ts';

/**
 * The agent counts the keys of the kernel's SAs: if read at different times, they contradict each other while old SAs are removed after a
 * rotation (seen 7 to 17 s apart on a slow node).
 */
const STATUS_AND_KERNEL: ReadTogether = {
  collectors: ['xfrm-state', 'encrypt-status'],
  difference: (outputs) => {
    const [kernel, status] = [outputs.get('xfrm-state'), outputs.get('encrypt-status')];
    if (kernel === undefined || status === undefined) return null;
    const { keysInUse } = decodeEncryptStatus(status).items[0] ?? {};
    const keys = decodeXfrmState(kernel).items.map(({ aead, auth, enc }) =>
      [aead, auth, enc].map((each) => each?.fingerprint ?? '').join('+'),
    );
    const held = new Set(keys).size;
    return keysInUse === undefined || keysInUse === held ? null : `the agent has ${keysInUse} keys in use, the kernel ${held}`;
  },
};

/** Transparent encryption by Cilium: IPsec or WireGuard, set up by an agent on each node. */
export const cilium: Stack = {
  name: 'cilium',
  profiles,
  profileFor,
  profileIdOf: minorOf,
  // The release that the project began with.
  defaults: { profile: '1.16', modes: ENCRYPTING_MODES, routing: 'vxlan' },
  refuse: ({ mode, routing, profile, strictIngress, presharedKeys, loadBalancer = 'snat', loadBalancerXdp }) => {
    if (mode === 'tls')
      return {
        claim: 'mode',
        why: 'the TLS of Cilium 1.20 is that of ztunnel: --stack cilium-ztunnel; --stack mesh-tls is for the proxies of the lab',
      };
    // The agent refuses the option with IPsec (Documentation/operations/upgrade.rst, 1.19).
    if (mode === 'ipsec' && strictIngress === true)
      return { claim: 'strictIngress', why: 'strict mode for ingress exists only with WireGuard, not with IPsec' };
    // pkg/wireguard/agent/agent.go: the configuration of a peer has no preshared key.
    if (presharedKeys === true) return { claim: 'presharedKeys', why: 'agents of Cilium set no preshared keys' };
    if (profile === '1.6' && loadBalancer !== 'snat') return { claim: 'loadBalancer', why: 'DSR came with Cilium 1.7' };
    if (profile === '1.6' && loadBalancerXdp === true) return { claim: 'loadBalancerXdp', why: 'acceleration by XDP came with Cilium 1.8' };
    // pkg/kpr/initializer/kube_proxy_replacement.go of 1.20: agents do not start with these.
    if (routing !== 'native' && loadBalancer !== 'snat' && (loadBalancer !== 'dsr-geneve' || routing !== 'geneve'))
      return {
        claim: 'loadBalancer',
        why: `with routing ${routing} agents do not start with it: in a tunnel DSR needs dsr-geneve and routing geneve`,
      };
    return null;
  },
  collectors: collectorsFor,
  readTogether: STATUS_AND_KERNEL,
  readings: READINGS,
  devices: ({ routing }) => ({ ...DEVICES, tunnel: routing === 'native' ? null : DEVICES[routing] }),
  routing: { encryptMark: ENCRYPT_MARK, marks: [ENCRYPT_MARK, DECRYPT_MARK], tables: [TABLE, ...PROXY_TABLES] },
  // The default is that of pkg/option/config.go; StartStaleKeysReclaimer (pkg/datapath/linux/ipsec) checks once a minute, and a reading
  // takes some time.
  keyRotation: { option: 'ipsec-key-rotation-duration', defaultSeconds: 300, reclaimSeconds: 90 },
  keyDerivation,
  words: () => WORDS,
};
