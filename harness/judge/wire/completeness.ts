import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord, Instant } from '../../model/recording.ts';
import type { BeaconOrder } from './beacon-watch.ts';

/** Whether the sentinel captures before and after a part of a long watch have what is outside of its beacons. */
export interface NeighbourParts {
  readonly before: boolean;
  readonly after: boolean;
}

/** The neighbours of a capture among all of a recording. One that was not running when the other began or ended has nothing of it. */
export function neighbourParts(record: CaptureRecord, captures: readonly CaptureRecord[]): NeighbourParts {
  const isThere = (step: 1 | -1, moment: Instant): boolean =>
    record.part !== undefined &&
    captures.some(
      (other) =>
        other.part === record.part! + step &&
        [record, other].every(({ kind, phase }) => kind === 'sentinel' && phase === 'window') &&
        other.vantage === record.vantage &&
        other.node === record.node &&
        other.interface === record.interface &&
        other.startedAt.monotonicMs <= moment.monotonicMs &&
        moment.monotonicMs <= other.stoppedAt.monotonicMs,
    );
  return { before: isThere(-1, record.startedAt), after: isThere(1, record.stoppedAt) };
}

/** Why a capture does not prove that it saw everything from its first beacon to its last, one sentence each; empty when it does. */
export function completenessGaps(
  record: CaptureRecord,
  ledger: Ledger,
  beacons: BeaconOrder,
  neighbours: NeighbourParts,
): readonly string[] {
  const gaps: string[] = [];
  const { counters } = record;
  if (record.exitCode !== 0)
    gaps.push(record.exitCode === null ? 'tcpdump did not end' : `tcpdump ended with exit code ${record.exitCode}`);
  if (counters === null) gaps.push('tcpdump’s closing counters are missing: the capture did not end properly');
  else {
    if (counters.droppedByKernel > 0) gaps.push(`the kernel dropped ${counters.droppedByKernel} packet(s)`);
    if (counters.captured !== ledger.frames) gaps.push(`tcpdump captured ${counters.captured} packet(s), the file holds ${ledger.frames}`);
  }
  if (ledger.truncatedTail) gaps.push('the file ends inside a record');
  return [...gaps, ...beaconGaps(record, beacons, neighbours)];
}

/** The beacons prove nothing about frames that were captured before the first or after the last of them, if no other part has them too. */
function beaconGaps(
  { beacons: sent }: CaptureRecord,
  { start, end, firstStart, lastEnd, outside }: BeaconOrder,
  neighbours: NeighbourParts,
): string[] {
  const gaps: string[] = [];
  for (const [name, seen] of [
    ['start', start],
    ['end', end],
  ] as const) {
    if (sent[name] === '') gaps.push(`no beacon was sent at the ${name}`);
    else if (seen === 0) gaps.push(`the beacon at the ${name} was not seen`);
  }
  if (firstStart === null || lastEnd === null) return gaps;
  if (lastEnd < firstStart) gaps.push(`the beacon at the end (frame ${lastEnd}) came before the one at the start (frame ${firstStart})`);
  const { before, after } = outside;
  if (before.frames > 0 && !neighbours.before)
    gaps.push(
      `${before.frames} frame(s) of driven flows came before the beacon at the start (frame ${firstStart}), the first is frame ${before.first}`,
    );
  if (after.frames > 0 && !neighbours.after)
    gaps.push(
      `${after.frames} frame(s) of driven flows came after the beacon at the end (frame ${lastEnd}), the first is frame ${after.first}`,
    );
  return gaps;
}
