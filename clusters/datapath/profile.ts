import type { Mode } from '../../harness/model/mode.ts';

/** What one Cilium minor version lays out. Values marked "seen" were read off a real agent (docs: fixtures/cilium of that version). */
export interface LayoutProfile {
  /** Cilium minor version, the profile id of the intent. */
  readonly id: string;
  /** What the agent answers to `cilium-dbg version`. */
  readonly version: string;
  /** Whether the agent accepts a key file with `+` (per-tunnel keys, ESN, replay window 1024). 1.14.5 dies on it (seen). */
  readonly perTunnelKeys: boolean;
  /** In tunnel mode: ESP inside VXLAN (up to 1.17, seen) or VXLAN inside ESP (from 1.18, seen). */
  readonly tunnelOrder: 'esp-in-vxlan' | 'vxlan-in-esp';
  /** One in SA `src 0.0.0.0` for all peers (1.14, seen), or one a peer with the node id in its mark. */
  readonly inState: 'any-peer' | 'per-peer';
  /** In tunnel mode also SAs and an out policy between the node addresses. */
  readonly nodePair: boolean;
  /** In policies: own pod CIDR with marks 0xd00 and 0x200 (1.14, seen), or one wildcard (1.17 on, seen). */
  readonly inPolicies: 'pod-cidr' | 'wildcard';
  /** Whether the ip rule `fwmark 0xe00/0xf00 lookup 200` exists; gone by 1.20 (seen). */
  readonly encryptRule: boolean;
  /** `mtu` of the remote pod CIDRs in table 200, in tunnel mode. */
  readonly tableMtu: number;
  /** Modes that have strict mode for egress. Source: Cilium documentation, encryption.strictMode; upgrade notes of 1.19. */
  readonly strictMode: readonly Mode[];
  /** Denominator of `Max Seq. Number`. */
  readonly maxSequence: '0xffffffff' | '0xffffffffffffffff';
  /** Whether `encrypt status` names the interfaces that decrypt; 1.14 leaves the line empty. */
  readonly namesDecryptInterfaces: boolean;
  /** Whether `encrypt status -o json` prints JSON; 1.14 prints the text. */
  readonly statusJson: boolean;
  readonly wireguard: {
    /** In tunnel mode: VXLAN inside WireGuard (from 1.15), or the bare pod packet (1.14, seen). */
    readonly encapsulates: boolean;
    /** fwmark of the device, which marks its own UDP packets. */
    readonly fwmark: '0x1e00' | '0xe00';
    /** Allowed IPs in tunnel mode: node /32 only (1.18, seen), or node, cilium_host and each pod (1.14, seen). */
    readonly tunnelAllowedIps: 'node' | 'node-and-pods';
    /** Whether CiliumNode carries `encryption.key: 255`. */
    readonly nodeKey: boolean;
  };
}

const V14: LayoutProfile = {
  id: '1.14',
  version: '1.14.5',
  perTunnelKeys: false,
  tunnelOrder: 'esp-in-vxlan',
  inState: 'any-peer',
  nodePair: false,
  inPolicies: 'pod-cidr',
  encryptRule: true,
  tableMtu: 1450,
  strictMode: [],
  maxSequence: '0xffffffff',
  namesDecryptInterfaces: false,
  statusJson: false,
  wireguard: { encapsulates: false, fwmark: '0x1e00', tunnelAllowedIps: 'node-and-pods', nodeKey: false },
};

const V17: LayoutProfile = {
  id: '1.17',
  version: '1.17.8',
  perTunnelKeys: true,
  tunnelOrder: 'esp-in-vxlan',
  inState: 'per-peer',
  nodePair: true,
  inPolicies: 'wildcard',
  encryptRule: true,
  tableMtu: 1450,
  strictMode: ['wireguard'],
  maxSequence: '0xffffffff',
  namesDecryptInterfaces: true,
  statusJson: true,
  // WireGuard of 1.16 and 1.17 was not recorded: fwmark and allowed IPs as in 1.14, VXLAN inside since 1.15.
  wireguard: { encapsulates: true, fwmark: '0x1e00', tunnelAllowedIps: 'node-and-pods', nodeKey: true },
};

const V18: LayoutProfile = {
  ...V17,
  id: '1.18',
  version: '1.18.3',
  tunnelOrder: 'vxlan-in-esp',
  maxSequence: '0xffffffffffffffff',
  wireguard: { encapsulates: true, fwmark: '0xe00', tunnelAllowedIps: 'node', nodeKey: true },
};

const PROFILES: readonly LayoutProfile[] = [
  V14,
  { ...V17, id: '1.16', version: '1.16.0' },
  V17,
  V18,
  { ...V18, id: '1.20', version: '1.20.0-dev', encryptRule: false, tableMtu: 1500, strictMode: ['ipsec', 'wireguard'] },
];

/**
 * The layout of a Cilium minor version.
 * @throws RangeError naming the versions that can be laid out
 */
export function layoutProfile(id: string): LayoutProfile {
  const profile = PROFILES.find((candidate) => candidate.id === id);
  if (profile === undefined) {
    throw new RangeError(`profile ${JSON.stringify(id)} cannot be laid out; known: ${PROFILES.map((known) => known.id).join(', ')}`);
  }
  return profile;
}
