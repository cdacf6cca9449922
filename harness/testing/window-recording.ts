import { CHANGES } from '../judge/window/change.ts';
import type { ClusterDescription } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { Instant, JournalEvent, TrafficRecord } from '../model/recording.ts';
import type { ScenarioName } from '../model/scenario.ts';
import type { MemoryRecording } from './memory-recording.ts';
import { beacon } from './node-frames.ts';
import { buildRecording, type CaptureParts, flow, instantAt, type OutputParts } from './recording.ts';
import { twoNodes } from './two-nodes.ts';

/** Start of the window, seconds after the start of a synthetic recording. */
const WINDOW_AT = 60;

/** A time in the window, `seconds` after its start. */
export function windowInstant(seconds: number): Instant {
  return instantAt(WINDOW_AT + seconds);
}

/** A frame at a moment of the window. */
export interface TimedFrame {
  /** Seconds after the window began. */
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** An output, in a snapshot or, with a time, sampled in the window. */
export interface WindowOutput extends Omit<OutputParts, 'at'> {
  /** Seconds after the window began, for samples. */
  readonly at?: number;
}

/** What happened in the window of a synthetic recording. */
export interface WindowStory {
  readonly scenario: ScenarioName;
  readonly intent?: Partial<Intent>;
  /** Default: two nodes with a pod each. */
  readonly cluster?: ClusterDescription;
  /** Frames of the sentinel and of the capture of headers; null for a missing capture. */
  readonly sentinel: readonly TimedFrame[] | null;
  readonly cipher: readonly TimedFrame[] | null;
  readonly outputs?: readonly WindowOutput[];
  readonly traffic?: readonly TrafficRecord[];
  /** Journal lines by name, with seconds after the window began. */
  /** The journal does not have the time of the change. */
  readonly unsaid?: boolean;
  /** The journal ends inside the window. */
  readonly broken?: boolean;
  readonly events?: readonly { readonly event: string; readonly at: number; readonly detail?: Readonly<Record<string, unknown>> }[];
  /** From when to when its captures listened, seconds after the start of the window; default: all the time. */
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
  const { scenario, intent = {}, cluster = twoNodes, outputs = [], traffic = [load()] } = story;
  return buildRecording({
    intent,
    cluster,
    run: { scenario, endedAt: windowInstant(60) },
    captures: (['sentinel', 'cipher'] as const).flatMap((kind) => captureOf(story, kind)),
    outputs: outputs.map(({ at, ...output }) => ({ ...output, at: windowInstant(at ?? (output.snapshot === 'end' ? 40 : -30)) })),
    traffic,
    events: journalLines(story),
  });
}

function captureOf(story: WindowStory, kind: 'sentinel' | 'cipher'): CaptureParts[] {
  const frames = story[kind];
  if (frames === null) return [];
  const whole = [{ at: -1, bytes: beacon('start') }, ...frames];
  if (story.blind !== true || kind === 'cipher') whole.push({ at: 31, bytes: beacon('end') });
  const [from, until] = story.listened ?? [-2, 32];
  return [
    {
      phase: 'window',
      blind: true,
      frames: whole.map(({ at, bytes }) => ({ ms: Date.parse(windowInstant(at).utc), bytes })),
      record: {
        kind,
        file: `captures/window/${kind}.pcap`,
        startedAt: windowInstant(from),
        stoppedAt: windowInstant(until),
      },
    },
  ];
}

/** The journal lines of the story, and those that every journal has. */
function journalLines({ scenario, events = [], unsaid, broken }: WindowStory): JournalEvent[] {
  const { begin, end } = CHANGES[scenario] ?? {};
  const change = [
    { event: begin, at: 0.5 },
    { event: end, at: 29 },
  ].flatMap(({ event, at }) =>
    event === undefined || unsaid === true || events.some((line) => line.event === event) ? [] : [{ event, at }],
  );
  return [{ event: 'window-started', at: 0 }, ...events, ...change, ...(broken === true ? [] : [{ event: 'window-ended', at: 30 }])]
    .sort((a, b) => a.at - b.at)
    .map(({ event, at, ...rest }): JournalEvent => ({ at: windowInstant(at), event, detail: 'detail' in rest ? (rest.detail ?? {}) : {} }));
}
