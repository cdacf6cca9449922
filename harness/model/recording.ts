import * as z from 'zod';
import { clusterDescriptionSchema } from './cluster.ts';
import type { Data } from './data.ts';
import { intentSchema } from './intent.ts';
import { familySchema } from './mode.ts';
import { sampleSchema } from './sample.ts';
import { scenarioSchema } from './scenario.ts';

/** Schema of the recording folder; a reader refuses any other. */
export const RECORDING_SCHEMA = 1;

/** Salted digests that find a secret of the run in a file; no secret can be computed from them. */
export const SECRET_MARKS = 'secret-marks.json';

/** A moment by two clocks: UTC (ISO 8601, ms) and monotonic milliseconds since the run began. */
export const instantSchema = z.object({ utc: z.iso.datetime(), monotonicMs: z.number() });
export type Instant = Data<typeof instantSchema>;

/**
 * `clear`: the un-encrypted phase that proves the captures can see plaintext. `encrypted`: the steady phase that is judged.
 * `window`: the long window of a scenario in which something is changed under load. `inbound`: a packet between pods is sent in the clear past
 * the encryption of its node, after everything else and without captures.
 */
export const phaseSchema = z.enum(['clear', 'encrypted', 'window', 'inbound']);
export type Phase = z.output<typeof phaseSchema>;

/** Where a capture was taken; see the design's list of words. */
export const vantageSchema = z.enum(['wire', 'nic', 'tunnel', 'wireguard', 'pod']);
export type Vantage = z.output<typeof vantageSchema>;

/**
 * Snapshot of the cluster's state: in the un-encrypted phase, before and after the judged traffic, at the end of a scenario's window.
 * `connected`: in the judged phase, after its traffic, while pods hold a connection to each other. `sample` is many moments: the kernel is read repeatedly during the window; the times of each command give the moment. `inbound`: the
 * counters of dropped packets after the phase of that name.
 */
export const snapshotSchema = z.enum(['clear', 'before', 'connected', 'after', 'end', 'sample', 'inbound']);
export type Snapshot = z.output<typeof snapshotSchema>;

/** Last line of a log that reached its limit of reading: what follows was not read. */
export const LOG_CUT = 'wirewitness: the log was cut here, at the limit of what is read';

/** A relative path inside the recording, without `..`. */
const pathSchema = z
  .string()
  .refine((value) => value !== '' && !value.startsWith('/') && !value.split('/').includes('..'), 'must stay inside the recording');

/** One command that was run to read state, and where its output is. */
const commandRecordSchema = z.object({
  snapshot: snapshotSchema,
  /** Null for the wire capture point, and for what the API says about the whole cluster. */
  node: z.string().nullable(),
  shell: z.enum(['host', 'agent', 'wire', 'api']),
  /**
   * What was read. Of every node: `xfrm-state` `xfrm-policy` `xfrm-stat` `ip-rule` `ip-rule-6` `ip-route-200` `ip-route` `ip-route-get` `ip-link`
   * `ip-addr` `wg-public-key` `wg-listen-port` `wg-fwmark` `wg-peers` `wg-endpoints` `wg-allowed-ips` `wg-latest-handshakes` `wg-transfer`
   * `wg-preshared-keys` `crypto` `kernel-means` `uname` `clock` `agent-log` `ip-stat`, and of pods with a proxy `tls-stat` `tls-sockets`; the others are those of the stack (its `readings`).
   */
  collector: z.string(),
  argv: z.array(z.string()),
  exitCode: z.number(),
  /** Path of the standard output inside the recording. */
  stdout: pathSchema,
  stderr: pathSchema,
  startedAt: instantSchema,
  endedAt: instantSchema,
});
export type CommandRecord = Data<typeof commandRecordSchema>;

/** tcpdump's three closing counters. */
const captureCountersSchema = z.object({ captured: z.number(), receivedByFilter: z.number(), droppedByKernel: z.number() });
export type CaptureCounters = Data<typeof captureCountersSchema>;

/**
 * `full`: every frame, whole. `sentinel`: whole frames of all that has not the shape of ESP or WireGuard, for long windows.
 * `cipher`: only ESP and WireGuard, cut after their headers, for the timeline of SPIs.
 */
const captureKindSchema = z.enum(['full', 'sentinel', 'cipher']);
export type CaptureKind = z.output<typeof captureKindSchema>;

const captureRecordSchema = z.object({
  phase: phaseSchema,
  vantage: vantageSchema,
  node: z.string().nullable(),
  interface: z.string(),
  kind: captureKindSchema,
  /** Of a long watch: its number among the captures of this place, from 1, each of which begins before the one before it ends. */
  part: z.number().int().positive().exactOptional(),
  /** pcap filter expression; empty for none. */
  filter: z.string(),
  /** 0 or 262144 and above means whole frames. */
  snapLength: z.number(),
  /** Path inside the recording. */
  file: pathSchema,
  argv: z.array(z.string()),
  /** tcpdump's `listening on …` line; null when it never came. */
  readyLine: z.string().nullable(),
  startedAt: instantSchema,
  stoppedAt: instantSchema,
  exitCode: z.number().nullable(),
  /** Null when the closing counters were not printed: the capture did not end normally. */
  counters: captureCountersSchema.nullable(),
  /** Tokens sent in the clear right after the start and right before the stop: UDP payload `wirewitness-beacon:<token>`. */
  beacons: z.object({ start: z.string(), end: z.string() }),
});
export type CaptureRecord = Data<typeof captureRecordSchema>;

/** How the journal names a capture: `tap/br-lab`, `node1/eth0/sentinel`, and a part of a long watch `tap/br-lab/sentinel 2`. */
export function captureLabel({ node, interface: device, kind, part }: Pick<CaptureRecord, 'node' | 'interface' | 'kind' | 'part'>): string {
  return `${node ?? 'tap'}/${device}${kind === 'full' ? '' : `/${kind}`}${part === undefined ? '' : ` ${part}`}`;
}

/**
 * `outside-node`: a client outside the cluster reaches a pod of the node that it asks. `outside-pod`: that node sends the request on to a
 * pod of another node; what counts is the way between the two. `pod-health`, `node-health`: to the address that the agent of another
 * node holds for health checks, which is of the pod range and of no pod. `pod-egress`: a pod to an address outside, by the node of an egress
 * gateway; what counts is the way between the pod's node and that one.
 */
export const flowPathSchema = z.enum([
  'pod-pod',
  'pod-service',
  'pod-node',
  'node-pod',
  'node-node',
  'same-node',
  'outside-node',
  'outside-pod',
  'pod-health',
  'node-health',
  'pod-egress',
]);
export type FlowPath = z.output<typeof flowPathSchema>;

export const flowEndSchema = z.object({
  /** `namespace/pod`, node name, `namespace/service`, the name of a client outside the cluster, or `node/health`. */
  name: z.string(),
  kind: z.enum(['pod', 'node', 'service', 'outside', 'health']),
  /** Node it runs on; for a service the node whose port was asked, null where that was its own address; outside the cluster null, or the node of the gateway by which it is
   * reached. */
  node: z.string().nullable(),
  address: z.string(),
});
export type FlowEnd = Data<typeof flowEndSchema>;

/** The most lost requests that a load lists; more are only counted. */
export const KEPT_LOSSES = 1000;

/** Requests sent at a constant rate while something was changed; `sent - answered` were lost. */
const loadFiguresSchema = z.object({
  intervalMs: z.number(),
  /** Longest time without an answer, milliseconds: between two that came, and from the last one, or the first request, to the last request. */
  longestGapMs: z.number(),
  /** Requests without an answer, in order, each with the time it was sent; at most {@link KEPT_LOSSES}. */
  losses: z.array(z.object({ sequence: z.number(), at: instantSchema })).max(KEPT_LOSSES),
});

/** One conversation that was driven, with the canary its payload carried. */
const trafficRecordSchema = z.object({
  phase: phaseSchema,
  id: z.string(),
  path: flowPathSchema,
  family: familySchema,
  protocol: z.enum(['tcp', 'udp', 'icmp', 'sctp']),
  source: flowEndSchema,
  destination: flowEndSchema,
  port: z.number().nullable(),
  /** 16 random bytes as 32 lower-case hex digits. ICMP carries the 16 bytes, the others the 32 ASCII digits. */
  canary: z.string().regex(/^[0-9a-f]{32}$/),
  /** Requests sent and answered. */
  sent: z.number(),
  answered: z.number(),
  /**
   * Of a packet that was sent in the clear from outside: frames with it, readable, at the uplink of the destination's node. Absent: nobody
   * looked.
   */
  arrived: z.number().exactOptional(),
  /** Payload bytes of each request when it is larger than a path MTU. Absent: small requests. */
  largeBytes: z.number().exactOptional(),
  /** Backend that answered, for a service. */
  answeredBy: z.array(z.string()),
  startedAt: instantSchema,
  endedAt: instantSchema,
  /** What the client printed when something went wrong, else empty. */
  note: z.string(),
  /** For traffic that continued during the whole window. */
  load: loadFiguresSchema.exactOptional(),
});
export type TrafficRecord = Data<typeof trafficRecordSchema>;

/** One SA: its addresses, and its SPI as `0x%08x`. */
const association = { src: z.string(), dst: z.string(), spi: z.string().regex(/^0x[0-9a-f]{8}$/) };

/** Result of decrypting sampled ESP frames of one SA in memory with the kernel's key; neither key nor plaintext is kept. */
const decryptionProofSchema = z.object({
  ...association,
  /** The capture's path inside the recording. */
  capture: pathSchema,
  sampled: z.number(),
  decrypted: z.number(),
  /** Ids of driven flows whose canary or addresses were inside. */
  flows: z.array(z.string()),
  /** Frames that decrypted to something other than a driven flow, by innermost `src > dst protocol`. */
  others: z.array(z.string()),
  /** One of its SAs could not be tried: no kernel had it, its key was not printed, or its algorithm is not supported here. */
  untried: z.boolean().exactOptional(),
  /** Why frames were not decrypted, else empty. */
  note: z.string(),
});
export type DecryptionProof = Data<typeof decryptionProofSchema>;

/** Whether one SA's key is the one derived from the Secret, the addresses and the boot ids; compared in memory. */
const derivationProofSchema = z.object({
  ...association,
  snapshot: snapshotSchema,
  node: z.string(),
  /** `per-tunnel`: hashed with the addresses and boot ids of both ends. `shared`: the key itself. `unknown`: an input was missing. */
  derivation: z.enum(['per-tunnel', 'shared', 'unknown']),
  matches: z.boolean(),
  note: z.string(),
});
export type DerivationProof = Data<typeof derivationProofSchema>;

/**
 * Form of the journal, which its first line names. 2: before flows are driven `traffic-planned` names each of them with its canary. A journal
 * that names no form is of the first, without it.
 */
export const JOURNAL_FORM = 2;

/** A line of events.ndjson. */
export const journalEventSchema = z.object({ at: instantSchema, event: z.string(), detail: z.record(z.string(), z.unknown()) });
export type JournalEvent = Data<typeof journalEventSchema>;

/** The form that a journal names in its first line; 1 where it names none. */
export function journalForm(events: readonly JournalEvent[]): number {
  const form = events[0]?.detail.journal;
  return typeof form === 'number' ? form : 1;
}

const fileRecordSchema = z.object({ path: pathSchema, bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
export type FileRecord = Data<typeof fileRecordSchema>;

export const toolSchema = z.object({ name: z.literal('wirewitness'), version: z.string(), node: z.string() });

/**
 * Name of a run. It is used as the name of folders and archives and is printed, so it has only letters, digits, `.`, `_` and `-`, begins
 * with a letter or digit, and has at most 128 characters: `20260102-030405-ipsec`.
 */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'must be 1 to 128 letters, digits, ".", "_" and "-", the first a letter or digit');

export const runSchema = z.object({
  id: runIdSchema,
  scenario: scenarioSchema,
  fault: z.string().nullable(),
  startedAt: instantSchema,
  endedAt: instantSchema,
  complete: z.boolean(),
  /** Why it is not complete, else empty. */
  note: z.string(),
});

/** manifest.json, written last and atomically. `complete` is false for an interrupted run. */
export const recordingManifestSchema = z.object({
  schema: z.literal(RECORDING_SCHEMA),
  run: runSchema,
  tool: toolSchema,
  intent: intentSchema,
  cluster: clusterDescriptionSchema,
  /** The ordered pairs of nodes that were to be driven; absent: all. */
  sample: sampleSchema.exactOptional(),
  commands: z.array(commandRecordSchema),
  captures: z.array(captureRecordSchema),
  traffic: z.array(trafficRecordSchema),
  /** Results of tests in memory with keys that the recording does not contain. */
  proofs: z.object({ decryption: z.array(decryptionProofSchema), derivation: z.array(derivationProofSchema) }),
  files: z.array(fileRecordSchema),
});
export type RecordingManifest = Data<typeof recordingManifestSchema>;

/** A recording as the judge sees it: verified, read-only, no cluster behind it. */
export interface Recording {
  readonly manifest: RecordingManifest;
  text(path: string): Promise<string>;
  bytes(path: string): AsyncIterable<Uint8Array>;
  events(): Promise<readonly JournalEvent[]>;
}
