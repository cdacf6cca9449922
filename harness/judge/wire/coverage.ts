import { type CaptureRecord, captureLabel, type Instant, type JournalEvent, type RecordingManifest } from '../../model/recording.ts';
import { liesInside, type Stretch } from '../stretch.ts';
import type { BeaconOrder } from './beacon-watch.ts';

/**
 * What happened in part while a capture did not listen: flows of its phase and, for captures of a window, the window itself. One sentence
 * each; empty if it listened all the time.
 */
export function coverageGaps(
  record: CaptureRecord,
  manifest: Pick<RecordingManifest, 'traffic'>,
  events: readonly JournalEvent[],
): readonly string[] {
  // The parts of a long watch cover it together.
  if (record.part !== undefined) return [];
  const listened = listenedOf(record, events);
  const gaps: string[] = [];
  const flows = manifest.traffic.filter((flow) => flow.phase === record.phase && flow.sent > 0);
  const outside = flows.filter((flow) => !liesInside(listened, { from: flow.startedAt, to: flow.endedAt }));
  const [first] = outside;
  if (first !== undefined)
    gaps.push(
      `${outside.length} of ${flows.length} flow(s) were driven when it did not listen: ${first.id} from ${first.startedAt.utc} to ${first.endedAt.utc}, the capture from ${listened.from.utc} to ${listened.to.utc}`,
    );
  if (record.phase !== 'window') return gaps;
  for (const event of events.filter(({ event }) => event === 'window-started' || event === 'window-ended'))
    if (!liesInside(listened, { from: event.at, to: event.at }))
      gaps.push(
        `it listened from ${listened.from.utc} to ${listened.to.utc}, and ${event.event === 'window-started' ? 'the window began' : 'the window ended'} at ${event.at.utc}`,
      );
  return gaps;
}

/**
 * Largest difference between the capture's clock and the recorder's, milliseconds: beyond it the frames are from another time. PRE-05 has a
 * closer limit for clocks.
 */
const FRAMES_MS = 60_000;

/** Whether the beacon, which was sent while the capture was made, has a time inside it. One sentence, or none. */
export function frameTimeGaps({ startedAt, stoppedAt }: CaptureRecord, { startMs }: BeaconOrder): readonly string[] {
  if (startMs === null) return [];
  const off = Math.max(Date.parse(startedAt.utc) - startMs, startMs - Date.parse(stoppedAt.utc));
  return off <= FRAMES_MS
    ? []
    : [
        `its frames are from another time: the beacon at the start has the time ${new Date(startMs).toISOString()}, but it was sent after ${startedAt.utc}`,
      ];
}

/** From when to when a capture is known to have listened. */
export function listenedOf(record: CaptureRecord, events: readonly JournalEvent[]): Stretch {
  return { from: readyAt(record, events), to: record.stoppedAt };
}

/** When every capture of the phase had shown its first beacon, as the journal says; else when the capture was started. */
function readyAt(record: CaptureRecord, events: readonly JournalEvent[]): Instant {
  const { phase, part, startedAt } = record;
  const name = part === undefined ? undefined : captureLabel(record);
  const ready = events.find(
    ({ event, detail: { phase: of, parts } }) =>
      event === 'captures-ready' && of === phase && (name === undefined || (Array.isArray(parts) && parts.includes(name))),
  )?.at;
  return ready !== undefined && ready.monotonicMs > startedAt.monotonicMs ? ready : startedAt;
}
