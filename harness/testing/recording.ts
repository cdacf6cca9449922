import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type {
  CaptureRecord,
  CommandRecord,
  FlowEnd,
  Instant,
  JournalEvent,
  Phase,
  RecordingManifest,
  Snapshot,
  TrafficRecord,
} from '../model/recording.ts';
import type { Sample } from '../model/sample.ts';
import type { Collector } from '../stacks/collector.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { pcapFile, type TimedBytes } from './capture-file.ts';
import { fileRecordsOf, type MemoryRecording, memoryRecording } from './memory-recording.ts';
import { BEACONS, beacon } from './node-frames.ts';
import { tcpdumpLog, tcpdumpWords } from './tcpdump-words.ts';
import { POD1, POD2, sampleIntent, twoNodes } from './two-nodes.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

/** A time in a synthetic recording, `seconds` after its start. */
export function instantAt(seconds: number): Instant {
  return { utc: new Date(START + seconds * 1000).toISOString(), monotonicMs: seconds * 1000 };
}

/** When the outputs of a snapshot were read, seconds after the recording began. */
const SNAPSHOT_AT: Readonly<Record<Snapshot, number>> = {
  clear: 0,
  before: 10,
  connected: 50,
  after: 60,
  sample: 70,
  end: 90,
  inbound: 62,
};

/** What a collector printed. */
export interface OutputParts {
  readonly snapshot: Snapshot;
  /** Null for output of the API server. */
  readonly node: string | null;
  readonly collector: string;
  readonly stdout: string;
  readonly stderr?: string;
  /** Default: the command of the stack's collector. */
  readonly argv?: readonly string[];
  readonly exitCode?: number;
  /** Default: that of the stack's collector. */
  readonly shell?: CommandRecord['shell'];
  /** Default: the time of the snapshot. */
  readonly at?: Instant;
}

/** The content of a capture. */
export interface CaptureParts {
  readonly phase: Phase;
  /** Frames between the beacons. */
  readonly frames: readonly (Uint8Array | TimedBytes)[];
  /** Beacons that are not among the frames although they were sent: both, or the closing one. */
  readonly blind?: boolean | 'end';
  /** Fields of the record that differ from the default, which is a full capture on the wire without losses. */
  readonly record?: Partial<CaptureRecord>;
  /** The output of tcpdump, if it differs from the record. */
  readonly log?: string;
  /** Bytes to cut off the end of the file. */
  readonly cut?: number;
  /** The whole file, instead of one made from the frames. */
  readonly content?: Uint8Array;
}

/** The parts of a synthetic recording. Default: a steady run of two nodes without outputs. */
export interface RecordingParts {
  readonly intent?: Partial<Intent>;
  readonly cluster?: ClusterDescription;
  readonly run?: Partial<RecordingManifest['run']>;
  readonly sample?: Sample;
  readonly outputs?: readonly OutputParts[];
  readonly captures?: readonly CaptureParts[];
  readonly traffic?: readonly TrafficRecord[];
  readonly proofs?: RecordingManifest['proofs'];
  readonly events?: readonly JournalEvent[];
  /** Texts of further files, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A complete recording in memory, as the recorder would have written it. */
export function buildRecording({
  intent = {},
  cluster = twoNodes,
  run = {},
  sample,
  outputs = [],
  captures = [],
  traffic = [],
  proofs = { decryption: [], derivation: [] },
  events = [],
  files: further = {},
}: RecordingParts): MemoryRecording {
  const files = new Map<string, string | Uint8Array>(Object.entries(further));
  const claim = sampleIntent(intent.mode ?? 'ipsec', intent);
  const manifest: Omit<RecordingManifest, 'files'> = {
    schema: 1,
    run: {
      id: 'test',
      scenario: 'steady',
      fault: null,
      startedAt: instantAt(0),
      endedAt: instantAt(SNAPSHOT_AT.end),
      complete: true,
      note: '',
      ...run,
    },
    tool: { name: 'wirewitness', version: '0.0.0', node: 'v24' },
    intent: claim,
    cluster,
    ...(sample === undefined ? {} : { sample }),
    captures: captures.map((capture, index) => addCapture(files, capture, index)),
    commands: outputs.map((output, index) => addOutput(files, output, index, collectorOf(output, cluster, claim))),
    traffic,
    proofs,
  };
  return memoryRecording({ ...manifest, files: fileRecordsOf(files) }, files, events);
}

/** How the stack reads this output; undefined if it does not. */
function collectorOf({ node, collector }: OutputParts, cluster: ClusterDescription, intent: Intent): Collector | undefined {
  const all = (['before', 'connected', 'after'] as const).flatMap((snapshot) => stackOf(intent).collectors(cluster, intent, snapshot));
  return all.find((known) => known.node === node && known.collector === collector);
}

function addOutput(
  files: Map<string, string | Uint8Array>,
  output: OutputParts,
  index: number,
  known: Collector | undefined,
): CommandRecord {
  const { snapshot, node, collector, exitCode = 0 } = output;
  const argv = output.argv ?? known?.argv ?? [collector];
  const shell = output.shell ?? known?.shell ?? (node === null ? 'api' : 'host');
  const stdout = `commands/${snapshot}/${node ?? 'api'}/${index}-${collector}.txt`;
  const stderr = `${stdout.slice(0, -'.txt'.length)}.err`;
  files.set(stdout, output.stdout).set(stderr, output.stderr ?? '');
  const startedAt = output.at ?? instantAt(SNAPSHOT_AT[snapshot]);
  const endedAt = output.at ?? instantAt(SNAPSHOT_AT[snapshot] + 1);
  return { snapshot, node, shell, collector, argv, exitCode, stdout, stderr, startedAt, endedAt };
}

function addCapture(files: Map<string, string | Uint8Array>, capture: CaptureParts, index: number): CaptureRecord {
  const { phase, blind = false, record: said = {} } = capture;
  const [kind, node] = [said.kind ?? 'full', said.node ?? null];
  const file = said.file ?? `captures/${index}.pcap`;
  const opening = blind === true ? [] : [beacon('start')];
  const closing = blind === false ? [beacon('end')] : [];
  const frames = [...opening, ...capture.frames, ...closing];
  const record: CaptureRecord = {
    ...tcpdumpWords(node === null ? 'br0' : 'eth0', kind, frames.length),
    phase,
    vantage: 'wire',
    node,
    kind,
    file,
    startedAt: instantAt(0),
    stoppedAt: instantAt(0),
    exitCode: 0,
    beacons: BEACONS,
    ...said,
  };
  const content = capture.content ?? pcapFile(frames);
  files.set(file, content.subarray(0, content.length - (capture.cut ?? 0)));
  files.set(file.replace(/\.pcap$/, '.log'), capture.log ?? tcpdumpLog(record));
  return record;
}

/** One conversation of the demo pods. */
export function flow(phase: Phase, canary: string, more: Partial<TrafficRecord> = {}): TrafficRecord {
  const end = (name: string, node: string, address: string): FlowEnd => ({ name, kind: 'pod', node, address });
  return {
    phase,
    id: 'pod-pod/icmp/a/b',
    path: 'pod-pod',
    family: 'ipv4',
    protocol: 'icmp',
    source: end('demo/a', 'node1', POD1),
    destination: end('demo/b', 'node2', POD2),
    port: null,
    canary,
    sent: 1,
    answered: 1,
    answeredBy: [],
    startedAt: instantAt(0),
    endedAt: instantAt(0),
    note: '',
    ...more,
  };
}

/** One output of a collector on each node, in the snapshot after. */
export function outputsByNode(collector: string, textByNode: Readonly<Record<string, string>>): OutputParts[] {
  return Object.entries(textByNode).map(([node, stdout]) => ({ snapshot: 'after', node, collector, stdout }));
}

/** The CiliumNodes, which publish a WireGuard public key for each node. */
export function publishedKeys(keyByNode: Readonly<Record<string, string>>): OutputParts {
  const items = Object.entries(keyByNode).map(([name, key]) => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNode',
    metadata: { name, annotations: { 'network.cilium.io/wg-pub-key': key } },
    spec: { addresses: [], ipam: { podCIDRs: [] } },
  }));
  return { snapshot: 'after', node: null, collector: 'cilium-nodes', stdout: JSON.stringify({ items }) };
}
