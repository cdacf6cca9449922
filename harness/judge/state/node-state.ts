import type { CryptoAlgorithm, IpLink, IpRoute, IpRule } from '../../decode/kernel/ip-items.ts';
import type { IpCounter } from '../../decode/kernel/ip-stat.ts';
import type { KernelMeans } from '../../decode/kernel/kernel-means.ts';
import type { KernelTlsCounter, KernelTlsSocket } from '../../decode/kernel/kernel-tls.ts';
import type { WireguardDevice } from '../../decode/kernel/wireguard-items.ts';
import type { XfrmCounter, XfrmPolicy, XfrmState } from '../../decode/kernel/xfrm-items.ts';
import type { KeyPattern } from '../../model/key-patterns.ts';
import type { CommandRecord, Snapshot } from '../../model/recording.ts';
import type {
  AddressMapEntry,
  AgentStatus,
  ConfigEntry,
  DropCounter,
  EncryptionStatus,
  KeyCopy,
  KeySecret,
  LoggedFlow,
  NodeObject,
} from '../../stacks/agent-items.ts';
import type { EnrolledPod, ProxyCertificate, ProxyConnection, ProxyPeer } from '../../stacks/readings.ts';

/**
 * Something that was read, or why it could not be. A command that ran, exited 0 and printed nothing is an empty value:
 * evidence of absence. A command that is missing, failed, or printed what no decoder understands is no value at all.
 */
export type Datum<T> = Known<T> | Unknown;

export interface Known<T> {
  readonly ok: true;
  readonly value: T;
  /** Paths inside the recording, at least one. */
  readonly evidence: readonly string[];
  /** The commands it was read from, for their times. */
  readonly commands: readonly CommandRecord[];
}

export interface Unknown {
  readonly ok: false;
  /** Names the node, the snapshot, the collector and what went wrong. */
  readonly reason: string;
  /** True when no such command is in the recording at all. */
  readonly absent: boolean;
  readonly evidence: readonly string[];
}

/** The answer of one `ip route get`. */
export interface RouteAnswer {
  readonly destination: string;
  /** The mark that was asked with, 0 for none. */
  readonly mark: number;
  readonly route: IpRoute;
}

/** The decoded outputs of one node in one snapshot. */
export interface NodeState {
  readonly node: string;
  readonly snapshot: Snapshot;
  readonly xfrmStates: Datum<readonly XfrmState[]>;
  readonly xfrmPolicies: Datum<readonly XfrmPolicy[]>;
  readonly xfrmStat: Datum<readonly XfrmCounter[]>;
  readonly ipRules: Datum<readonly IpRule[]>;
  readonly ipRules6: Datum<readonly IpRule[]>;
  /** Table 200; a table that does not exist is empty. */
  readonly table200: Datum<readonly IpRoute[]>;
  readonly routes: Datum<readonly IpRoute[]>;
  readonly routeAnswers: Datum<readonly RouteAnswer[]>;
  readonly links: Datum<readonly IpLink[]>;
  /** Addresses of its interfaces, without prefix length. */
  readonly addresses: Datum<readonly string[]>;
  /** The stack's WireGuard device; null when the node has no such device. */
  readonly wireguard: Datum<WireguardDevice | null>;
  readonly crypto: Datum<readonly CryptoAlgorithm[]>;
  /** Modules and settings that let the kernel encrypt, or prevent it. */
  readonly kernelMeans: Datum<KernelMeans>;
  readonly uname: Datum<string>;
  /** The node's clock, Unix milliseconds. */
  readonly clock: Datum<number>;
  readonly agentVersion: Datum<string>;
  readonly agentStatus: Datum<AgentStatus>;
  readonly encryptionStatus: Datum<EncryptionStatus>;
  readonly agentConfig: Datum<readonly ConfigEntry[]>;
  /** Settings that differ from the ConfigMap, as the agent counts them; empty where it does not. */
  readonly configDrift: Datum<readonly number[]>;
  readonly addressMap: Datum<readonly AddressMapEntry[]>;
  /** Counters of the kernel's network stack. */
  readonly ipStat: Datum<readonly IpCounter[]>;
  /** Packets that the programs of the stack dropped. */
  readonly drops: Datum<readonly DropCounter[]>;
  /** What the stack's log of flows calls encrypted. */
  readonly flowLog: Datum<readonly LoggedFlow[]>;
  /** Connections as the proxies of a mesh on this node logged them, and the certificates that they have. */
  readonly proxyConnections: Datum<readonly ProxyConnection[]>;
  readonly proxyCertificates: Datum<readonly ProxyCertificate[]>;
  readonly proxyRoots: Datum<readonly ProxyCertificate[]>;
  /** TLS by the kernel, in the network namespaces of the pods that have a proxy. */
  readonly kernelTlsCounters: Datum<readonly KernelTlsCounter[]>;
  readonly kernelTlsSockets: Datum<readonly KernelTlsSocket[]>;
  readonly proxyPeers: Datum<readonly ProxyPeer[]>;
  /** Pods of the node, as its agent or its proxies say. */
  readonly enrolment: Datum<readonly EnrolledPod[]>;
  /** Lines of the agent's log. */
  readonly agentLog: Datum<readonly string[]>;
}

/** The decoded answers of the API server in one snapshot. */
export interface ApiState {
  readonly snapshot: Snapshot;
  readonly nodeObjects: Datum<readonly NodeObject[]>;
  readonly keySecret: Datum<KeySecret>;
  readonly keyCopy: Datum<KeyCopy>;
  readonly keyCreated: Datum<string>;
  readonly configMap: Datum<readonly ConfigEntry[]>;
  /** Pods, as their objects say. */
  readonly enrolment: Datum<readonly EnrolledPod[]>;
}

/** The decoded command outputs of a recording: one entry for every node and snapshot, also where nothing was recorded. */
export interface StateFacts {
  readonly nodes: readonly NodeState[];
  readonly api: readonly ApiState[];
  /** Patterns of the keys whose fingerprints are in the outputs. */
  readonly keyPatterns: Datum<ReadonlyMap<string, KeyPattern>>;
}
