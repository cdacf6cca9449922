import type { JournalEvent } from '../../model/recording.ts';
import type { CaptureFacts } from '../wire/capture-facts.ts';
import { listenedOf } from '../wire/coverage.ts';
import type { KeptCount, WatchedPlaceFacts } from './watch.ts';

/** What the question needs of a capture. */
type Kept = Pick<CaptureFacts, 'record' | 'ledger'> & { readonly beacons: Pick<CaptureFacts['beacons'], 'lastOf'> };

/** A moment between two parts of a watch, milliseconds of the journal's clock: not before, and not after. */
interface Border {
  readonly from: number;
  readonly to: number;
}

/**
 * Differences between the frames in the files of a place's sentinel and those that were counted by its filter, one sentence each. Each part
 * counts from the beacon at its start to that of the next part, which is in both files, so no frame counts twice. Readings made just before
 * and just after each of these beacons bound the number of frames that must lie between them; what passed in between is allowed.
 */
export function keptFrameGaps(
  place: Pick<WatchedPlaceFacts, 'node' | 'interface' | 'counts'>,
  captures: readonly Kept[],
  events: readonly JournalEvent[],
): readonly string[] {
  const parts = partsAt(place, captures);
  const frames: number[] = [];
  for (const [index, part] of parts.entries()) {
    const own = framesOf(part, parts[index + 1]);
    if (own === null) return [`how many frames its sentinel keeps in part ${part.record.part} is not known: a beacon is missing in it`];
    frames.push(own);
  }
  if (parts.length === 0) return [];
  const borders = [
    ...parts.map(({ record }) => ({ from: record.startedAt.monotonicMs, to: listenedOf(record, events).from.monotonicMs })),
    endOf(parts.at(-1)!, events),
  ];
  const each = parts.flatMap((_, index) => compare(parts, frames, { borders, counts: place.counts }, index, index + 1));
  if (each.length > 0) return each;
  // Small differences must not add up.
  return parts
    .slice(1)
    .flatMap((_, index) => compare(parts, frames, { borders, counts: place.counts }, 0, index + 2))
    .slice(0, 1);
}

/** The parts of a place's sentinel that could be read, in order. */
export function partsAt<K extends Pick<Kept, 'record' | 'ledger'>>(
  place: Pick<WatchedPlaceFacts, 'node' | 'interface'>,
  captures: readonly K[],
): readonly K[] {
  return captures
    .filter(({ ledger, record: { phase, kind, part, node, interface: device } }) => {
      const isPart = phase === 'window' && kind === 'sentinel' && part !== undefined;
      return isPart && ledger !== null && node === place.node && device === place.interface;
    })
    .toSorted((a, b) => (a.record.part ?? 0) - (b.record.part ?? 0));
}

/** Frames from a part's first beacon, which counts, to that of the next part, or to its own last one; null where one of them is missing. */
function framesOf({ beacons, record }: Kept, next: Kept | undefined): number | null {
  const from = beacons.lastOf.get(record.beacons.start);
  const to = beacons.lastOf.get(next?.record.beacons.start ?? record.beacons.end);
  return from === undefined || to === undefined ? null : to - from;
}

/** When the last part was given its last beacon. */
function endOf({ record }: Kept, events: readonly JournalEvent[]): Border {
  const { monotonicMs: to } = record.stoppedAt;
  const begun = events.filter(({ event, at, detail }) => {
    if (at.monotonicMs > to) return false;
    const isHere = detail.node === record.node && detail.interface === record.interface;
    return event === 'window-ended' || (isHere && (event === 'watch-full' || event === 'watch-part-ending'));
  });
  const from = Math.max(listenedOf(record, events).from.monotonicMs, ...begun.map(({ at }) => at.monotonicMs));
  return { from, to };
}

function compare(
  parts: readonly Kept[],
  frames: readonly number[],
  { borders, counts }: { readonly borders: readonly Border[]; readonly counts: readonly KeptCount[] },
  from: number,
  to: number,
): string[] {
  const inFiles = frames.slice(from, to).reduce((n, own) => n + own, 0);
  const [begin, end] = [borders[from]!, borders[to]!];
  const names = to - from === 1 ? `part ${parts[from]?.record.part}` : `parts ${parts[from]?.record.part} to ${parts[to - 1]?.record.part}`;
  // The beacon at the begin is in the files and comes before the first reading after it; that at the end is counted and is not in them.
  const least = difference(
    counts.find(({ earliestMs }) => earliestMs >= begin.to),
    counts.findLast(({ latestMs }) => latestMs <= end.from),
  );
  const most = difference(
    counts.findLast(({ latestMs }) => latestMs <= begin.from),
    counts.find(({ earliestMs }) => earliestMs >= end.to),
  );
  const gaps: string[] = [];
  if (least !== null && least >= 0 && inFiles < least + 1)
    gaps.push(`${least + 1 - inFiles} frame(s) or more that its sentinel's filter took are not in the file(s) of ${names}`);
  if (most !== null && inFiles > most - 1)
    gaps.push(`${inFiles - most + 1} frame(s) or more in the file(s) of ${names} were not counted by its sentinel's filter`);
  return gaps;
}

/** Frames counted between two readings; null where one of them is missing. */
function difference(from: KeptCount | undefined, to: KeptCount | undefined): number | null {
  return from === undefined || to === undefined || from.kept === null || to.kept === null ? null : to.kept - from.kept;
}
