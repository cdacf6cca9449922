import { CHANGES } from '../judge/window/change.ts';
import type { Intent } from '../model/intent.ts';
import type {
  CaptureRecord,
  CommandRecord,
  Instant,
  JournalEvent,
  RecordingManifest,
  Snapshot,
  TrafficRecord,
} from '../model/recording.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { fileRecordsOf, type MemoryRecording, memoryRecording } from './memory-recording.ts';
import { pcapAt } from './packets.ts';
import { beacon, flow, twoNodes } from './synthetic-recording.ts';
import { tcpdumpLog, tcpdumpWords } from './tcpdump-words.ts';

/** When the window of a synthetic recording begins, Unix milliseconds. */
export const WINDOW_START = Date.parse('2026-01-01T00:01:00.000Z');

/** A moment of the window, `seconds` after it began. */
export function windowInstant(seconds: number): Instant {
  return { utc: new Date(WINDOW_START + seconds * 1000).toISOString(), monotonicMs: 60_000 + seconds * 1000 };
}

/** A frame at a moment of the window. */
export interface TimedFrame {
  /** Seconds after the window began. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** An output, in a snapshot or, with a time, sampled in the window. */
export interface WindowOutput {
  readonly snapshot: Snapshot;
  readonly node: string | null;
  readonly collector: string;
  readonly text: string;
  /** Seconds after the window began, for samples. */
  readonly at?: number;
  readonly exitCode?: number;
}

/** What happened in the window of a synthetic recording. */
export interface WindowStory {
  readonly scenario: ScenarioName;
  readonly intent?: Partial<Intent>;
  /** Frames that the sentinel and the capture of headers kept; null for a capture that was not made. */
  readonly sentinel: readonly TimedFrame[] | null;
  readonly cipher: readonly TimedFrame[] | null;
  readonly outputs?: readonly WindowOutput[];
  readonly traffic?: readonly TrafficRecord[];
  /** Journal lines by name, with seconds after the window began. */
  /** The journal does not say when the change was. */
  readonly unsaid?: boolean;
  /** The journal ends inside the window. */
  readonly broken?: boolean;
  readonly events?: readonly { readonly event: string; readonly at: number; readonly detail?: Readonly<Record<string, unknown>> }[];
  /** Seconds after the window began from which and until which its captures listened; by default all the time. */
  readonly listened?: readonly [number, number];
  /** Leave out the closing beacon of the sentinel, as if it had died. */
  readonly blind?: boolean;
}

/** One stream of requests over the window. */
export function load(more: Partial<TrafficRecord> = {}, lostAt: readonly number[] = []): TrafficRecord {
  const losses = lostAt.map((seconds, sequence) => ({ sequence, at: windowInstant(seconds) }));
  return flow('window', 'ab'.repeat(16), {
    sent: 200,
    answered: 200 - losses.length,
    startedAt: windowInstant(-0.5),
    endedAt: windowInstant(30),
    load: { intervalMs: 50, longestGapMs: 60, losses },
    ...more,
  });
}

/** A recording in memory with a window of 30 seconds between two nodes, tapped outside them. */
export function windowRecording(story: WindowStory): MemoryRecording {
  const files = new Map<string, string | Uint8Array>();
  const captures: CaptureRecord[] = [];
  const keep = (kind: 'sentinel' | 'cipher', frames: readonly TimedFrame[] | null): void => {
    if (frames === null) return;
    const whole = [{ at: -1, bytes: beacon('start') }, ...frames];
    if (story.blind !== true || kind === 'cipher') whole.push({ at: 31, bytes: beacon('end') });
    const file = `captures/window/${kind}.pcap`;
    files.set(file, pcapAt(whole.map(({ at, bytes }) => ({ ms: WINDOW_START + at * 1000, bytes }))));
    const words = tcpdumpWords('br0', kind, whole.length);
    files.set(`captures/window/${kind}.log`, tcpdumpLog(words));
    captures.push({
      ...words,
      phase: 'window',
      vantage: 'wire',
      node: null,
      kind,
      file,
      startedAt: windowInstant(story.listened?.[0] ?? -2),
      stoppedAt: windowInstant(story.listened?.[1] ?? 32),
      exitCode: 0,
      beacons: { start: '11'.repeat(16), end: '22'.repeat(16) },
    });
  };
  keep('sentinel', story.sentinel);
  keep('cipher', story.cipher);
  const commands = (story.outputs ?? []).map((output, index): CommandRecord => {
    const stdout = `commands/${output.snapshot}/${output.node ?? 'api'}/${index}-${output.collector}.txt`;
    files.set(stdout, output.text);
    files.set(`${stdout}.err`, '');
    const at = windowInstant(output.at ?? (output.snapshot === 'end' ? 40 : -30));
    return {
      snapshot: output.snapshot,
      node: output.node,
      shell: output.node === null ? 'api' : 'host',
      collector: output.collector,
      argv: [output.collector],
      exitCode: output.exitCode ?? 0,
      stdout,
      stderr: `${stdout}.err`,
      startedAt: at,
      endedAt: at,
    };
  });
  const told = story.events ?? [];
  const lines = CHANGES[story.scenario];
  // A story tells what matters to it; when the change began and ended stands in every journal.
  const change = [
    { event: lines?.begin, at: 0.5 },
    { event: lines?.end, at: 29 },
  ].flatMap(({ event, at }) =>
    event === undefined || story.unsaid === true || told.some((line) => line.event === event) ? [] : [{ event, at }],
  );
  const events = [
    { event: 'window-started', at: 0 },
    ...told,
    ...change,
    ...(story.broken === true ? [] : [{ event: 'window-ended', at: 30 }]),
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ event, at, ...rest }): JournalEvent => ({ at: windowInstant(at), event, detail: 'detail' in rest ? (rest.detail ?? {}) : {} }));
  const manifest: RecordingManifest = {
    schema: 1,
    run: {
      id: 'test',
      scenario: story.scenario,
      fault: null,
      startedAt: windowInstant(-60),
      endedAt: windowInstant(60),
      complete: true,
      note: '',
    },
    tool: { name: 'wirewitness', version: '0.0.0', node: 'v24' },
    intent: {
      stack: 'cilium',
      mode: 'ipsec',
      routing: 'vxlan',
      profile: '1.18',
      nodeEncryption: false,
      strictMode: false,
      perTunnelKeys: true,
      families: ['ipv4'],
      ...story.intent,
    },
    cluster: twoNodes,
    commands,
    captures,
    traffic: story.traffic ?? [load()],
    proofs: { decryption: [], derivation: [] },
    files: fileRecordsOf(files),
  };
  return memoryRecording(manifest, files, events);
}
