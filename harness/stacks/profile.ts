import type { LoadBalancer } from '../model/intent.ts';
import type { Family, Mode, Routing } from '../model/mode.ts';
import type { FlowPath, TrafficRecord } from '../model/recording.ts';
import type { Treatment } from '../model/report.ts';
import type { AgentDialect } from './cilium/profiles/agent-dialect.ts';

/** Where a profile's value comes from: `recorded`: seen on a real agent of that version range; `documented`: read in a text. */
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
 * The pattern of a mark: `fixed` has the bits under `fixedMask`; bits 16-31 hold a node id and bits 12-15 the SPI when the flags say so;
 * `mask` is the mask the kernel must print.
 */
export interface MarkPattern {
  readonly fixed: number;
  readonly fixedMask: number;
  readonly mask: number;
  readonly nodeId: boolean;
  readonly spi: boolean;
}

/** A mark with all bits known. */
export interface ExactMark {
  readonly value: number;
  readonly mask: number;
}

/** Between which addresses of two nodes an SA runs: those of the agents' own device, or the node (underlay) addresses. */
export type Endpoints = 'internal' | 'node';

/** One SA pair (out and in) that a node has for each peer. */
export interface SaPair {
  readonly endpoints: Endpoints;
  /** False: healthy at zero packets. */
  readonly carriesTraffic: boolean;
  /** `optional`: patch releases in the range differ. */
  readonly presence: 'required' | 'optional';
}

/** A policy of a healthy node. `per` says how many: one for the node, or one for each remote pod CIDR or remote node. */
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
  /** The release whose agent writes it. Newer agents leave it alone, so it is there after an update in place until the node restarts. */
  readonly leftBy?: string;
  /** Endpoints of the template; null for a wildcard or no template. */
  readonly template: Endpoints | null;
  /** `use`: packets that were not encrypted pass too. Absent when releases of the range differ; out policies always require. */
  readonly level?: 'required' | 'use';
}

/** An `ip rule` of a healthy node. */
export interface IpRuleExpectation {
  readonly priority: number;
  readonly mark: ExactMark;
  readonly table: string;
}

/** A route of table 200. `device` `uplink` is the node's own interface, the other names are devices of the stack by their role. */
export interface RouteExpectation {
  readonly destination: 'own-pod-cidr' | 'remote-pod-cidr';
  readonly type: 'local' | 'unicast';
  readonly device: 'tunnel' | 'uplink' | 'host';
  /** Accepted `proto` values; a route without one is accepted when the list is empty. */
  readonly protocols: readonly string[];
}

/** Order of the layers between two nodes, from the outside in. */
export type Encapsulation = 'esp' | 'esp-in-vxlan' | 'vxlan-in-esp' | 'esp-in-geneve' | 'geneve-in-esp';

/** Bytes by which the pod's route MTU is below the link's MTU. */
export type PodMtuOverhead = Readonly<Record<Routing, Sourced<number>>>;

/** Name of a device; `uplink` is the node's own interface. */
export type PodRouteDevice = string;

/**
 * How a version configures IPv6. `as-ipv4`: each value of the profile is also valid for IPv6 with its addresses (`::/0`, IPv6 pod CIDRs and
 * internal addresses), in separate SAs, policies, rules and routes; a pair between node addresses exists for the underlay only.
 */
export type Ipv6Layout = 'as-ipv4';

/**
 * When each tunnel direction has its own key, derived from that of the Secret: `never`: this version has only one shared key; `with-plus`:
 * if the key id has a `+`; `always`: for every key id.
 */
export type PerTunnelKeys = 'never' | 'with-plus' | 'always';

/** What IPsec looks like in this version range. */
export interface IpsecProfile {
  /** Null: nothing is known about IPv6 in this version. */
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
  /** Devices by which a remote pod may be reached without a mark; for mark 0xe00 see `table200`. */
  readonly podRouteDevices: Readonly<Record<Routing, Sourced<readonly PodRouteDevice[]>>>;
  /** Allowed growth of xfrm error counters over the window, by name; all others 0. */
  readonly errorAllowance: Sourced<Readonly<Record<string, number>>>;
  /** In this range disabling encryption does not remove the block policy. */
  readonly blockPolicyOutlives: Sourced<boolean>;
}

/**
 * What a peer's allowed-ips contain. `node-and-pods`: node, internal and pod addresses; `node`: node addresses only; `pods`: pods, by address
 * or CIDR, and with node encryption the node.
 */
export type AllowedIpsForm = 'node-and-pods' | 'node' | 'pods';

/** What WireGuard looks like in this version range. */
export interface WireguardProfile {
  readonly device: string;
  readonly port: Sourced<number>;
  /** Allowed values of the device's fwmark. */
  readonly fwmarks: Sourced<readonly number[]>;
  readonly allowedIps: Readonly<Record<Routing, Sourced<AllowedIpsForm>>>;
  /** What the WireGuard payload contains: the pod packet, or the tunnel packet. */
  readonly inside: Readonly<Record<Routing, Sourced<'bare' | 'tunnel'>>>;
  /** Key id in ipcache and CiliumNode. */
  readonly keyId: Sourced<number>;
  readonly podMtuOverhead: PodMtuOverhead;
  readonly podRouteDevices: Readonly<Record<Routing, Sourced<readonly PodRouteDevice[]>>>;
  /** Seconds after which a session that carries traffic must have been renewed. */
  readonly handshakeMaxAge: Sourced<number>;
}

/** `spiffe`: the URI `spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT`; `linkerd`: the DNS name of a Linkerd identity. */
export type IdentityForm = 'spiffe' | 'linkerd';

/** What mutual TLS between the proxies of pods looks like in this version range. */
export interface TlsProfile {
  /** TCP port on which the proxy of a pod takes TLS. */
  readonly port: Sourced<number>;
  /** Allowed versions and cipher suites, by name. */
  readonly versions: Sourced<readonly string[]>;
  readonly suites: Sourced<readonly string[]>;
  /** Allowed groups of the key exchange, by name. */
  readonly groups: Sourced<readonly string[]>;
  /** The trust domain of a mesh that was not given another one. */
  readonly trustDomain: Sourced<string>;
  /** Form of the identity in a workload's certificate. */
  readonly identity: Sourced<IdentityForm>;
  /** The application protocol that every client of the mesh offers (ALPN, RFC 7301). */
  readonly alpn: Sourced<string>;
  /** The server name that a client asks for in the clear (SNI): none, or the identity of the server's pod. */
  readonly serverName: Sourced<'none' | 'identity'>;
  /** Longest life of a workload's certificate, hours. */
  readonly certificateHours: Sourced<number>;
}

/** What must happen to a kind of flow. The first matching rule decides. */
export interface TreatmentRule extends Origin {
  readonly modes: readonly Mode[];
  readonly routings: readonly Routing[];
  readonly nodeEncryption: boolean | 'any';
  readonly paths: readonly FlowPath[];
  /** Absent: any. */
  readonly protocols?: readonly TrafficRecord['protocol'][];
  readonly families?: readonly Family[];
  /** Only flows to these ports of the server. */
  readonly ports?: readonly number[];
  /** Only where the intent claims that unencrypted packets are refused. */
  readonly strictIngress?: true;
  /** Only flows whose packets are larger than any MTU in use. */
  readonly large?: true;
  /** How requests from outside are sent on, as claimed. Absent: any. */
  readonly loadBalancers?: readonly LoadBalancer[];
  /** Only where XDP sends them on. */
  readonly xdp?: true;
  readonly treatment: Treatment;
  readonly reason: string;
}

/** A healthy cluster of real agents that was compared with the whole profile, without a contradicting check. */
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
  /** Null when no agent of the version was seen: the version can be claimed about a real cluster, but the lab cannot configure it. */
  readonly agent: AgentDialect | null;
  /** Null where the stack has no IPsec. */
  readonly ipsec: IpsecProfile | null;
  /** Null where the version has no WireGuard. */
  readonly wireguard: WireguardProfile | null;
  /** Absent where the version encrypts below IP only. */
  readonly tls?: TlsProfile;
  readonly treatments: readonly TreatmentRule[];
  /**
   * Clusters for which the whole profile was seen to be right. For any other, a contradiction that comes only from the profile may be an
   * error of the profile.
   */
  readonly seen: readonly SeenCluster[];
}
