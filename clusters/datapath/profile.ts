import type { AgentDialect } from '../../harness/stacks/cilium/profiles/agent-dialect.ts';
import { profiles } from '../../harness/stacks/cilium/profiles/profile-for.ts';
import type { IpsecProfile, PerTunnelKeys, Profile, WireguardProfile } from '../../harness/stacks/profile.ts';

/** What one Cilium minor version configures: its profile, in the terms of the plans. */
export interface LayoutProfile extends Omit<AgentDialect, 'strictMode'> {
  /** Cilium minor version, the profile id of the intent. */
  readonly id: string;
  /** Whether the agent configures a key for each tunnel, with ESN and replay window 1024. 1.14.5 stops on a key file with `+` (seen). */
  readonly perTunnelKeys: PerTunnelKeys;
  /** In tunnel mode: ESP inside VXLAN, or VXLAN inside ESP. */
  readonly tunnelOrder: 'esp-in-vxlan' | 'vxlan-in-esp';
  /** One in SA `src 0.0.0.0` for all peers, or one for each peer with the node id in its mark. */
  readonly inState: 'any-peer' | 'per-peer';
  /** In tunnel mode also SAs and an out policy between the node addresses. */
  readonly nodePair: boolean;
  /** In policies that its own agents write: own pod CIDR with marks 0xd00 and 0x200, or one wildcard. */
  readonly inPolicies: 'pod-cidr' | 'wildcard';
  /** Whether the ip rule `fwmark 0xe00/0xf00 lookup 200` exists. */
  readonly encryptRule: boolean;
  readonly strictMode: AgentDialect['strictMode'];
  /** Whether a fragmented ICMP echo of a pod is dropped. */
  readonly dropsFragmentedEcho: boolean;
  readonly wireguard: {
    /** In tunnel mode: VXLAN inside WireGuard, or the bare pod packet. */
    readonly encapsulates: boolean;
    /** fwmark of the device, which marks its UDP packets. */
    readonly fwmark: string;
    /** Allowed IPs in tunnel mode. */
    readonly tunnelAllowedIps: 'node' | 'node-and-pods';
  };
}

const ENCRYPT_MARK = 0xe00;

function layoutOf({ id, agent, ipsec, wireguard, treatments }: Profile): LayoutProfile[] {
  if (agent === null || ipsec === null || wireguard === null) return [];
  // Of the large packets that a version drops, only this one is dropped where the pod sends it, and only echoes are.
  const dropsFragmentedEcho = treatments.some(
    ({ treatment, large, protocols }) => treatment === 'dropped' && large === true && protocols?.join() === 'icmp',
  );
  return [{ id, ...agent, ...ipsecLayout(ipsec), dropsFragmentedEcho, wireguard: wireguardLayout(wireguard) }];
}

function ipsecLayout(ipsec: IpsecProfile) {
  return {
    perTunnelKeys: ipsec.perTunnelKeys.value,
    tunnelOrder: ipsec.encapsulation.vxlan.value === 'vxlan-in-esp' ? ('vxlan-in-esp' as const) : ('esp-in-vxlan' as const),
    inState: ipsec.sharedInSa.value ? ('any-peer' as const) : ('per-peer' as const),
    nodePair: ipsec.saPairs.vxlan.value.some(({ endpoints }) => endpoints === 'node'),
    inPolicies: ipsec.policies.vxlan.value.some(
      ({ dir, destination, leftBy }) => leftBy === undefined && dir === 'in' && destination === 'own-pod-cidr',
    )
      ? ('pod-cidr' as const)
      : ('wildcard' as const),
    encryptRule: ipsec.ipRules.value.some(({ mark }) => mark.value === ENCRYPT_MARK),
  };
}

function wireguardLayout({ inside, fwmarks, allowedIps }: WireguardProfile): LayoutProfile['wireguard'] {
  return {
    encapsulates: inside.vxlan.value === 'tunnel',
    fwmark: `0x${(fwmarks.value[0] ?? ENCRYPT_MARK).toString(16)}`,
    tunnelAllowedIps: allowedIps.vxlan.value === 'node' ? 'node' : 'node-and-pods',
  };
}

const LAYOUTS = profiles.flatMap(layoutOf);

/** Ids of the versions that can be configured and for which a condition is true, oldest first. */
export function layoutsWhere(holds: (layout: LayoutProfile) => boolean): readonly string[] {
  return LAYOUTS.filter(holds).map(({ id }) => id);
}

/**
 * The layout of a Cilium minor version.
 * @throws RangeError naming the versions that can be configured
 */
export function layoutProfile(id: string): LayoutProfile {
  const profile = LAYOUTS.find((candidate) => candidate.id === id);
  if (profile === undefined) {
    throw new RangeError(`profile ${JSON.stringify(id)} cannot be set up; known: ${LAYOUTS.map((known) => known.id).join(', ')}`);
  }
  return profile;
}
