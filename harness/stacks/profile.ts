import type { Family, Mode, Routing } from '../model/mode.ts';
import type { FlowPath, TrafficRecord } from '../model/recording.ts';
import type { Treatment } from '../model/report.ts';
import type { AgentDialect } from './cilium/profiles/agent-dialect.ts';

/** Where a profile's value comes from: `recorded` was seen on a real agent of that version range, `documented` was read. */
export interface Origin {
  readonly source: 'recorded' | 'documented';
  /** What was seen or read, for instance `agent 1.17.8, two nodes, vxlan` or `guide 1.6, Troubleshooting`. */
  readonly document: string;
}

/** A value together with its origin. */
export interface Sourced<T> extends Origin {
  readonly value: T;
}

/**
 * A mark as the profile knows it: `fixed` holds the bits under `fixedMask`; bits 16-31 hold a node id and bits 12-15 the
 * SPI when the flags say so; `mask` is the mask the kernel must print.
 */
export interface MarkPattern {
  readonly fixed: number;
  readonly fixedMask: number;
  readonly mask: number;
  readonly nodeId: boolean;
  readonly spi: boolean;
}

/** A mark that is known to the bit. */
export interface ExactMark {
  readonly value: number;
  readonly mask: number;
}

/** Between which addresses of two nodes an SA runs: those of the agents' own device, or the node (underlay) addresses. */
export type Endpoints = 'internal' | 'node';

/** One SA pair (out and in) a node keeps for each peer. */
export interface SaPair {
  readonly endpoints: Endpoints;
  /** False: healthy at zero packets. */
  readonly carriesTraffic: boolean;
  /** `optional`: patch releases of the range differ. */
  readonly presence: 'required' | 'optional';
}

/** A policy a healthy node keeps. `per` says how many: one a node, or one a remote pod CIDR or remote node. */
export interface PolicyExpectation {
  readonly name: string;
  readonly dir: 'out' | 'in' | 'fwd';
  readonly action: 'allow' | 'block';
  readonly per: 'node' | 'remote-pod-cidr' | 'remote-node';
  readonly source: 'any' | 'own-pod-cidr' | 'remote-pod-cidr' | 'own-node';
  readonly destination: 'any' | 'own-pod-cidr' | 'remote-pod-cidr' | 'remote-node';
  readonly priority: number | null;
  /** Null: no mark is printed. */
  readonly mark: MarkPattern | null;
  readonly presence: 'required' | 'optional';
  /** Endpoints of the template; null where it is a wildcard or there is none. */
  readonly template: Endpoints | null;
  /** `use`: what was never encrypted passes too. Left out where releases of the range differ; out policies always require. */
  readonly level?: 'required' | 'use';
}

/** An `ip rule` a healthy node keeps. */
export interface IpRuleExpectation {
  readonly priority: number;
  readonly mark: ExactMark;
  readonly table: string;
}

/** A route of table 200. `device` `uplink` is the node's own interface, the others are those of the stack by their role. */
export interface RouteExpectation {
  readonly destination: 'own-pod-cidr' | 'remote-pod-cidr';
  readonly type: 'local' | 'unicast';
  readonly device: 'tunnel' | 'uplink' | 'host';
  /** Accepted `proto` values; a route without one is accepted when the list is empty. */
  readonly protocols: readonly string[];
}

/** Order of the layers between two nodes, from the outside in. */
export type Encapsulation = 'esp' | 'esp-in-vxlan' | 'vxlan-in-esp' | 'esp-in-geneve' | 'geneve-in-esp';

/** Bytes the pod's route MTU is below the link's. */
export type PodMtuOverhead = Readonly<Record<Routing, Sourced<number>>>;

/** Name of a device; `uplink` is the node's own interface. */
export type PodRouteDevice = string;

/**
 * How a version lays out IPv6. `as-ipv4`: each value of the profile holds for IPv6 with its addresses (`::/0`, IPv6 pod CIDRs and
 * internal addresses), in SAs, policies, rules and routes of its own; a pair between node addresses exists for the underlay only.
 */
export type Ipv6Layout = 'as-ipv4';

/**
 * When each directed tunnel gets a key of its own, derived from the Secret's: `never`, one shared key is all this version can do; `with-plus`,
 * where the key id has a `+`; `always`, whatever the id looks like.
 */
export type PerTunnelKeys = 'never' | 'with-plus' | 'always';

/** What IPsec looks like in this version range. */
export interface IpsecProfile {
  /** Null: nothing is known of IPv6 in this version. */
  readonly ipv6: Sourced<Ipv6Layout> | null;
  readonly encapsulation: Readonly<Record<Routing, Sourced<Encapsulation>>>;
  readonly saPairs: Readonly<Record<Routing, Sourced<readonly SaPair[]>>>;
  /** True: one in SA `src 0.0.0.0` that serves all peers is allowed. */
  readonly sharedInSa: Sourced<boolean>;
  readonly outMark: Sourced<MarkPattern | null>;
  readonly inMark: Sourced<MarkPattern | null>;
  readonly outOutputMark: Sourced<ExactMark | null>;
  readonly inOutputMark: Sourced<ExactMark | null>;
  readonly reqid: Sourced<number>;
  readonly perTunnelKeys: Sourced<PerTunnelKeys>;
  readonly esn: Sourced<boolean>;
  /** Packets, with per-tunnel keys. */
  readonly replayWindow: Sourced<number>;
  readonly policies: Readonly<Record<Routing, Sourced<readonly PolicyExpectation[]>>>;
  readonly ipRules: Sourced<readonly IpRuleExpectation[]>;
  readonly table200: Readonly<Record<Routing, Sourced<readonly RouteExpectation[]>>>;
  /** Valid key ids (SPIs), inclusive. */
  readonly keyIds: Sourced<{ readonly min: number; readonly max: number }>;
  /** How `Keys in use` counts. */
  readonly keysInUse: Sourced<'distinct-keys'>;
  readonly podMtuOverhead: PodMtuOverhead;
  /** Devices by which a remote pod may be reached without a mark; with 0xe00 see `table200`. */
  readonly podRouteDevices: Readonly<Record<Routing, Sourced<readonly PodRouteDevice[]>>>;
  /** Growth of an xfrm error counter over the window that is allowed, by counter name; all others 0. */
  readonly errorAllowance: Sourced<Readonly<Record<string, number>>>;
  /** Disabling encryption leaves the block policy behind in this range. */
  readonly blockPolicyOutlives: Sourced<boolean>;
}

/** What a peer's allowed-ips hold. `node-and-pods`: node, internal and pod addresses; `node`: node addresses only; `pod-cidr`: pods, by address or CIDR. */
export type AllowedIpsForm = 'node-and-pods' | 'node' | 'pod-cidr';

/** What WireGuard looks like in this version range. */
export interface WireguardProfile {
  readonly device: string;
  readonly port: Sourced<number>;
  /** Allowed values of the device's fwmark. */
  readonly fwmarks: Sourced<readonly number[]>;
  readonly allowedIps: Readonly<Record<Routing, Sourced<AllowedIpsForm>>>;
  /** What the WireGuard payload holds: the bare pod packet, or the tunnel packet. */
  readonly inside: Readonly<Record<Routing, Sourced<'bare' | 'tunnel'>>>;
  /** Key id in ipcache and CiliumNode. */
  readonly keyId: Sourced<number>;
  readonly podMtuOverhead: PodMtuOverhead;
  readonly podRouteDevices: Readonly<Record<Routing, Sourced<readonly PodRouteDevice[]>>>;
  /** Seconds after which a session that carries traffic must have been renewed. */
  readonly handshakeMaxAge: Sourced<number>;
}

/** What must happen to a kind of flow. The first rule that fits decides. */
export interface TreatmentRule extends Origin {
  readonly modes: readonly Mode[];
  readonly routings: readonly Routing[];
  readonly nodeEncryption: boolean | 'any';
  readonly paths: readonly FlowPath[];
  /** Absent: any. */
  readonly protocols?: readonly TrafficRecord['protocol'][];
  readonly families?: readonly Family[];
  /** Only flows whose packets are larger than any MTU in use. */
  readonly large?: true;
  readonly treatment: Treatment;
  readonly reason: string;
}

/** A healthy cluster of real agents against which the whole of a profile was held, and no check contradicted. */
export interface SeenCluster {
  readonly mode: Mode;
  readonly routing: Routing;
  /** For instance `agent 1.18.3, two nodes`. */
  readonly agent: string;
}

/** A version of Cilium: it always has IPsec. */
export type CiliumProfile = Profile & { readonly ipsec: IpsecProfile };

/** What a range of versions of a stack does. Data, never read off the cluster under test. */
export interface Profile {
  /** The profile's id: for Cilium its minor version, `1.16`. */
  readonly id: string;
  readonly title: string;
  /** Null where no agent of the version was read: it can be claimed of a real cluster, not set up in the lab. */
  readonly agent: AgentDialect | null;
  /** Null where the stack has no IPsec. */
  readonly ipsec: IpsecProfile | null;
  /** Null where the version has no WireGuard. */
  readonly wireguard: WireguardProfile | null;
  readonly treatments: readonly TreatmentRule[];
  /** Where the profile as a whole was seen to be right. For anything else a contradiction that rests on it alone may be the profile's own error. */
  readonly seen: readonly SeenCluster[];
}
