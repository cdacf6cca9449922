import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../model/ledger.ts';
import type { CaptureRecord, JournalEvent } from '../../model/recording.ts';
import { windowInstant } from '../../testing/window-recording.ts';
import { keptFrameGaps } from './kept-frames.ts';
import type { KeptCount } from './watch.ts';

type Part = Parameters<typeof keptFrameGaps>[1][number];

const PLACE = { node: null, interface: 'br-lab' };
const LEDGER: Ledger = {
  ...{ format: 'pcap', frames: 0, bytes: 0, wireBytes: 0, truncatedTail: false },
  ...{ classes: {}, esp: [], wireguard: [], flows: [] },
};

/** A part that listens from one second of the window to another, with the numbers of its own last beacons and of the next part's first one. */
function part(number: number, [from, to]: readonly [number, number], beacons: Readonly<Record<string, number>>): Part {
  const record: CaptureRecord = {
    ...{ phase: 'window', vantage: 'wire', ...PLACE, kind: 'sentinel', part: number, filter: '', snapLength: 0 },
    ...{ file: `captures/${number}.pcap`, argv: [], readyLine: null, startedAt: windowInstant(from), stoppedAt: windowInstant(to) },
    ...{ exitCode: 0, counters: null, beacons: { start: `start ${number}`, end: `end ${number}` } },
  };
  return { record, ledger: LEDGER, beacons: { lastOf: new Map(Object.entries(beacons)) } };
}

const ready = (number: number, at: number): JournalEvent => ({
  at: windowInstant(at),
  event: 'captures-ready',
  detail: { phase: 'window', parts: [`tap/br-lab/sentinel ${number}`] },
});
const events: readonly JournalEvent[] = [ready(1, 1), ready(2, 11), { at: windowInstant(21), event: 'watch-part-ending', detail: PLACE }];

/** Readings just before and just after each part begins and the last one ends: seconds, and frames taken until then. */
const counts = (...all: readonly (readonly [number, number | null])[]): KeptCount[] =>
  all.map(([at, kept]) => ({ kept, earliestMs: windowInstant(at).monotonicMs, latestMs: windowInstant(at).monotonicMs }));
const COUNTS = counts([-0.5, 0], [1.5, 1], [9.5, 41], [11.5, 42], [20.5, 62], [23, 63]);

/** 41 frames from beacon to beacon, two frames of both, then 21. */
const parts = (first = 41, second = 21): Part[] => [
  part(1, [0, 12], { 'start 1': 1, 'start 2': 1 + first, 'end 1': 3 + first }),
  part(2, [10, 22], { 'start 2': 1, 'end 1': 3, 'end 2': 1 + second }),
];

describe('the frames in the files of a sentinel', () => {
  test('are those that were counted, and what is in two files counts once', () => {
    expect(keptFrameGaps({ ...PLACE, counts: COUNTS }, parts(), events)).toEqual([]);
  });

  test.each<[string, Part[], RegExp]>([
    ['a frame less in the first', parts(40), /^1 frame\(s\) or more that its .* not in the file\(s\) of part 1$/],
    ['a frame less in the last', parts(41, 20), /^1 frame\(s\) .* not in the file\(s\) of part 2$/],
    ['a frame more', parts(42), /^1 frame\(s\) or more in the file\(s\) of part 1 were not counted/],
    ['no beacon of the next', [part(1, [0, 12], { 'start 1': 1 }), parts()[1]!], /part 1 is not known: a beacon is missing/],
  ])('%s is a gap', (_, all, gap) => {
    expect(keptFrameGaps({ ...PLACE, counts: COUNTS }, all, events)).toEqual([expect.stringMatching(gap)]);
  });

  test('what passed between the readings is allowed, but only once for all parts', () => {
    const busy = counts([-0.5, 0], [1.5, 6], [9.5, 41], [11.5, 46], [20.5, 62], [23, 68]);
    expect(keptFrameGaps({ ...PLACE, counts: busy }, parts(36, 17), events)).toEqual([
      expect.stringMatching(/^4 frame\(s\) or more .* parts 1 to 2$/),
    ]);
    expect(keptFrameGaps({ ...PLACE, counts: busy }, parts(40, 21), events)).toEqual([]);
  });

  test('nothing is said where readings are missing, and nothing of other places', () => {
    expect(keptFrameGaps({ ...PLACE, counts: counts([5, null]) }, parts(1), events)).toEqual([]);
    expect(keptFrameGaps({ node: 'node1', interface: 'eth0', counts: COUNTS }, parts(1), events)).toEqual([]);
  });
});
