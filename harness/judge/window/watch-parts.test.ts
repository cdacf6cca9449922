import { expect, test } from 'vitest';
import type { CaptureRecord, JournalEvent } from '../../model/recording.ts';
import { windowInstant } from '../../testing/window-recording.ts';
import { partGaps } from './watch-parts.ts';

const events: readonly JournalEvent[] = [
  { at: windowInstant(0), event: 'window-started', detail: {} },
  { at: windowInstant(30), event: 'window-ended', detail: {} },
];

/** A part that listens from one second of the window to another; only what the question needs. */
function part(number: number, from: number, to: number): CaptureRecord {
  return {
    phase: 'window',
    vantage: 'wire',
    node: null,
    interface: 'br-lab',
    kind: 'sentinel',
    part: number,
    filter: '',
    snapLength: 0,
    file: `captures/${number}.pcap`,
    argv: [],
    readyLine: null,
    startedAt: windowInstant(from),
    stoppedAt: windowInstant(to),
    exitCode: 0,
    counters: null,
    beacons: { start: '', end: '' },
  };
}

test('parts that take over from each other cover the window', () => {
  expect(partGaps([part(2, 9, 21), part(1, -1, 10), part(3, 20, 31)], events)).toEqual([]);
});

test.each<[string, CaptureRecord[], RegExp]>([
  ['a late begin', [part(1, 1, 31)], /was not kept from .*00:01:00.* to .*00:01:01/],
  ['an early end', [part(1, -1, 29)], /was not kept from .*00:01:29.* to .*00:01:30/],
  ['a hole', [part(1, -1, 10), part(2, 11, 31)], /was not kept from .*00:01:10.* to .*00:01:11/],
  ['a missing part', [part(1, -1, 20), part(3, 9, 31)], /part 2 of the watch is missing/],
])('%s is a gap', (_, parts, gap) => {
  expect(partGaps(parts, events)).toEqual([expect.stringMatching(gap)]);
});

test('captures that are no parts are not asked', () => {
  const { part: _, ...whole } = part(1, 10, 20);
  expect(partGaps([whole], events)).toEqual([]);
});
