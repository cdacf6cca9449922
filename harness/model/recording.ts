import type { ClusterDescription } from './cluster.ts';
import type { Intent } from './intent.ts';
import type { Family } from './mode.ts';
import type { ScenarioName } from './scenario.ts';

/** Schema of the recording folder; a reader refuses any other. */
export const RECORDING_SCHEMA = 1;

/** Salted digests by which the run's secrets are found should one have got into a file, and from which none can be had. */
export const SECRET_MARKS = 'secret-marks.json';

/** A moment by two clocks: UTC (ISO 8601, ms) and monotonic milliseconds since the run began. */
export interface Instant {
  readonly utc: string;
  readonly monotonicMs: number;
}

/**
 * `clear`: the un-encrypted phase that proves the captures can see plaintext. `encrypted`: the steady phase that is judged.
 * `window`: the long window of a scenario in which something is changed under load.
 */
export type Phase = 'clear' | 'encrypted' | 'window';

/** Where a capture was taken; see the design's list of words. */
export type Vantage = 'wire' | 'nic' | 'tunnel' | 'wireguard' | 'pod';

/**
 * Snapshot of the cluster's state: in the un-encrypted phase, before and after the judged traffic, at the end of a scenario's window.
 * `sample` is not one moment: the kernel read again and again while the window lasts; each command's times tell which moment.
 */
export type Snapshot = 'clear' | 'before' | 'after' | 'end' | 'sample';

/** One command that was run to read state, and where its output is. */
export interface CommandRecord {
  readonly snapshot: Snapshot;
  /** Null for the wire tap and the API. */
  readonly node: string | null;
  readonly shell: 'host' | 'agent' | 'wire' | 'api';
  /**
   * What was read: `xfrm-state` `xfrm-policy` `xfrm-stat` `ip-rule` `ip-rule-6` `ip-route-200` `ip-route` `ip-route-get` `ip-link` `ip-addr`
   * `wg-public-key` `wg-listen-port` `wg-fwmark` `wg-peers` `wg-endpoints` `wg-allowed-ips` `wg-latest-handshakes` `wg-transfer` `wg-show`
   * `crypto` `uname` `clock` `cilium-version` `cilium-status` `encrypt-status` `encrypt-status-json` `cilium-config` `ipcache` `agent-log`
   * `cilium-nodes` `key-secret` `cilium-config-map` `pods`
   */
  readonly collector: string;
  readonly argv: readonly string[];
  readonly exitCode: number;
  /** Path of the standard output inside the recording. */
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** tcpdump's three closing counters. */
export interface CaptureCounters {
  readonly captured: number;
  readonly receivedByFilter: number;
  readonly droppedByKernel: number;
}

export type CaptureKind = 'full' | 'sentinel' | 'cipher';

export interface CaptureRecord {
  readonly phase: Phase;
  readonly vantage: Vantage;
  readonly node: string | null;
  readonly interface: string;
  /**
   * `full`: every frame, whole. `sentinel`: whole frames of all that is not ESP, WireGuard or known control, for long windows.
   * `cipher`: only ESP and WireGuard, cut after their headers, for the timeline of SPIs.
   */
  readonly kind: CaptureKind;
  /** pcap filter expression; empty for none. */
  readonly filter: string;
  /** 0 or 262144 and above means whole frames. */
  readonly snapLength: number;
  /** Path inside the recording. */
  readonly file: string;
  readonly argv: readonly string[];
  /** tcpdump's `listening on …` line; null when it never came. */
  readonly readyLine: string | null;
  readonly startedAt: Instant;
  readonly stoppedAt: Instant;
  readonly exitCode: number | null;
  /** Null when the closing counters were not printed: the capture did not end properly. */
  readonly counters: CaptureCounters | null;
  /** Tokens sent in the clear right after the start and right before the stop: UDP payload `wirewitness-beacon:<token>`. */
  readonly beacons: { readonly start: string; readonly end: string };
}

export type FlowPath = 'pod-pod' | 'pod-service' | 'pod-node' | 'node-pod' | 'node-node' | 'same-node';

export interface FlowEnd {
  /** `namespace/pod`, node name, or `namespace/service`. */
  readonly name: string;
  readonly kind: 'pod' | 'node' | 'service';
  /** Node it runs on; null for a service. */
  readonly node: string | null;
  readonly address: string;
}

/** One conversation that was driven, with the canary its payload carried. */
export interface TrafficRecord {
  readonly phase: Phase;
  readonly id: string;
  readonly path: FlowPath;
  readonly family: Family;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly port: number | null;
  /** 16 random bytes as 32 lower-case hex digits. ICMP carries the 16 bytes, TCP and UDP the 32 ASCII digits. */
  readonly canary: string;
  /** Requests sent and answered. */
  readonly sent: number;
  readonly answered: number;
  /** Backend that answered, for a service. */
  readonly answeredBy: readonly string[];
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** What the client printed when something went wrong, else empty. */
  readonly note: string;
  /** For traffic that went on for the whole window. */
  readonly load?: LoadFigures;
}

/** Requests sent at a steady pace while something was changed; `sent - answered` were lost. */
export interface LoadFigures {
  readonly intervalMs: number;
  /** Longest time without an answer, milliseconds: between two that came, and from the last one, or the first request, to the last request. */
  readonly longestGapMs: number;
  /** Requests without an answer, in order, each with the time it was sent; at most {@link KEPT_LOSSES}. */
  readonly losses: readonly { readonly sequence: number; readonly at: Instant }[];
}

/** Lost requests that a load lists; more are only counted. */
export const KEPT_LOSSES = 1000;

/** Result of decrypting sampled ESP frames of one SA in memory with the kernel's key; neither key nor plaintext is kept. */
export interface DecryptionProof {
  /** The capture's path inside the recording. */
  readonly capture: string;
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. */
  readonly spi: string;
  readonly sampled: number;
  readonly decrypted: number;
  /** Ids of driven flows whose canary or addresses stood inside. */
  readonly flows: readonly string[];
  /** Frames that decrypted to something that is no driven flow, by innermost `src > dst protocol`. */
  readonly others: readonly string[];
  /** Why frames were not decrypted, else empty. */
  readonly note: string;
}

/** Whether one SA's key is the one derived from the Secret, the addresses and the boot ids; compared in memory. */
export interface DerivationProof {
  readonly snapshot: Snapshot;
  readonly node: string;
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. */
  readonly spi: string;
  /** `per-tunnel`: hashed with the ends' addresses and boot ids. `shared`: the key itself. `unknown`: an input was missing. */
  readonly derivation: 'per-tunnel' | 'shared' | 'unknown';
  readonly matches: boolean;
  readonly note: string;
}

/** A line of events.ndjson. */
export interface JournalEvent {
  readonly at: Instant;
  readonly event: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface FileRecord {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** manifest.json, written last and atomically. `complete` is false for an interrupted run. */
export interface RecordingManifest {
  readonly schema: typeof RECORDING_SCHEMA;
  readonly run: {
    readonly id: string;
    readonly scenario: ScenarioName;
    readonly fault: string | null;
    readonly startedAt: Instant;
    readonly endedAt: Instant;
    readonly complete: boolean;
    /** Why it is not complete, else empty. */
    readonly note: string;
  };
  readonly tool: { readonly name: 'wirewitness'; readonly version: string; readonly node: string };
  readonly intent: Intent;
  readonly cluster: ClusterDescription;
  readonly commands: readonly CommandRecord[];
  readonly captures: readonly CaptureRecord[];
  readonly traffic: readonly TrafficRecord[];
  /** What was found out in memory with keys that the recording does not hold. */
  readonly proofs: { readonly decryption: readonly DecryptionProof[]; readonly derivation: readonly DerivationProof[] };
  readonly files: readonly FileRecord[];
}

/** A recording as the judge sees it: verified, read-only, no cluster behind it. */
export interface Recording {
  readonly manifest: RecordingManifest;
  text(path: string): Promise<string>;
  bytes(path: string): AsyncIterable<Uint8Array>;
  events(): Promise<readonly JournalEvent[]>;
}
