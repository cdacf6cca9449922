import type { CaptureRecord, JournalEvent } from '../../model/recording.ts';
import { listenedOf } from '../wire/coverage.ts';

/**
 * Times of a long watch in which a place was not captured, one sentence each: its parts must be there from the first on, each must listen
 * before the one before it ends, and together they must cover the window. Captures that are no parts cover it by themselves.
 */
export function partGaps(captures: readonly CaptureRecord[], events: readonly JournalEvent[]): readonly string[] {
  const parts = captures.filter(({ part }) => part !== undefined);
  const byPlace = Map.groupBy(parts, ({ vantage, node, interface: device }) => `${vantage}/${node ?? '-'}/${device}`);
  return [...byPlace].flatMap(([place, own]) => gapsOf(place, own, events));
}

function gapsOf(place: string, own: readonly CaptureRecord[], events: readonly JournalEvent[]): string[] {
  const [began, ended] = ['window-started', 'window-ended'].map((name) => events.find(({ event }) => event === name)?.at);
  const gaps: string[] = [];
  let until = began;
  let next = 1;
  for (const record of own.toSorted((a, b) => (a.part ?? 0) - (b.part ?? 0))) {
    const { from, to } = listenedOf(record, events);
    if (record.part !== next) gaps.push(`${place}: part ${next} of the watch is missing, the next is ${record.part}`);
    if (until !== undefined && from.monotonicMs > until.monotonicMs)
      gaps.push(`${place}: what is not ciphertext was not kept from ${until.utc} to ${from.utc}`);
    if (until === undefined || to.monotonicMs > until.monotonicMs) until = to;
    next = (record.part ?? next) + 1;
  }
  if (until !== undefined && ended !== undefined && ended.monotonicMs > until.monotonicMs)
    gaps.push(`${place}: what is not ciphertext was not kept from ${until.utc} to ${ended.utc}`);
  return gaps;
}
