import { documented } from '../../origin.ts';
import type { CiliumProfile, PolicyExpectation } from '../../profile.ts';
import { BLOCK_MARK, IN_MARK_PLAIN, OUT_MARK_PLAIN } from './marks.ts';
import { DECRYPT_RULE, ENCRYPT_RULE, HOST_PAIR, OUT_POD_POLICY, table200 } from './parts.ts';
import { TREATMENTS_1_6 } from './treatments.ts';

const GUIDE = 'Cilium 1.6 encryption guide, Troubleshooting';
const ASSUMED = `${GUIDE}: shows vxlan only`;

const out: PolicyExpectation = { ...OUT_POD_POLICY, source: 'own-pod-cidr', mark: OUT_MARK_PLAIN };
const back = { ...out, per: 'remote-pod-cidr', source: 'remote-pod-cidr', destination: 'own-pod-cidr', mark: IN_MARK_PLAIN } as const;
const policies: readonly PolicyExpectation[] = [
  out,
  { ...back, name: 'in from remote pods', dir: 'in' },
  { ...back, name: 'forward from remote pods', dir: 'fwd' },
];

/** Cilium 1.6 as in its encryption guide. It has no fail-closed block policy, no ESN and no WireGuard. */
export const cilium16: CiliumProfile = {
  id: '1.6',
  title: 'Cilium 1.6, from its encryption guide',
  agent: null,
  ipsec: {
    ipv6: null,
    encapsulation: {
      vxlan: documented('esp-in-vxlan', GUIDE),
      geneve: documented('esp-in-geneve', ASSUMED),
      native: documented('esp', `${GUIDE}: direct routing with an encryption interface`),
    },
    saPairs: {
      vxlan: documented([HOST_PAIR], GUIDE),
      geneve: documented([HOST_PAIR], ASSUMED),
      native: documented([HOST_PAIR], ASSUMED),
    },
    sharedInSa: documented(false, GUIDE),
    outMark: documented(null, `${GUIDE}: states are printed without marks`),
    inMark: documented(null, `${GUIDE}: states are printed without marks`),
    outOutputMark: documented(null, GUIDE),
    inOutputMark: documented(null, GUIDE),
    reqid: documented(1, GUIDE),
    perTunnelKeys: documented('never', 'per-tunnel keys came with GHSA-pwqm-x5x6-5586'),
    esn: documented(false, GUIDE),
    replayWindow: documented(0, GUIDE),
    policies: {
      vxlan: documented(policies, GUIDE),
      geneve: documented(policies, ASSUMED),
      native: documented(policies, ASSUMED),
    },
    ipRules: documented([DECRYPT_RULE, { ...ENCRYPT_RULE, mark: { value: BLOCK_MARK.fixed, mask: BLOCK_MARK.mask } }], GUIDE),
    table200: {
      vxlan: documented(table200('tunnel', ['50']), GUIDE),
      geneve: documented(table200('tunnel', ['50']), ASSUMED),
      native: documented(table200('uplink', ['50']), ASSUMED),
    },
    keyIds: documented({ min: 1, max: 15 }, 'later guides; the 1.6 guide says 0-16, and 0 and 16 do not work'),
    keysInUse: documented('distinct-keys', 'cilium/cmd/encrypt_status.go'),
    podMtuOverhead: { vxlan: documented(127, ASSUMED), geneve: documented(127, ASSUMED), native: documented(77, 'talk 2019: mtu 1423') },
    podRouteDevices: {
      vxlan: documented(['cilium_host'], GUIDE),
      geneve: documented(['cilium_host'], ASSUMED),
      native: documented(['uplink', 'cilium_host'], ASSUMED),
    },
    errorAllowance: documented({}, 'no error is allowed'),
    blockPolicyOutlives: documented(false, 'there is none'),
  },
  wireguard: null,
  treatments: TREATMENTS_1_6,
  seen: [],
};
