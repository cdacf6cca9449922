import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { SequenceWatch } from './sequence-watch.ts';

/** Frames of one SA with these sequence numbers, a millisecond apart. */
function watch(numbers: readonly number[]): SequenceWatch {
  const watch = new SequenceWatch();
  numbers.forEach((sequence, index) => {
    const frame = {
      number: index + 1,
      src: '10.0.0.1',
      dst: '10.0.0.2',
      spi: 3,
      sequence: sequence >>> 0,
      wireguardType: null,
      laterFragment: false,
      payload: new Uint8Array(),
      seconds: 0,
      nanoseconds: index * 1e6,
    } as unknown as DissectedFrame;
    watch.note(frame);
  });
  return watch;
}

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

describe('numbers that a capture does not show', () => {
  test('the largest jump is named with its frames and its time', () => {
    expect(watch([...range(1, 5), ...range(8, 3), ...range(20, 2)]).holes()).toEqual([
      {
        kind: 'esp',
        src: '10.0.0.1',
        dst: '10.0.0.2',
        session: '0x00000003',
        missing: 11,
        span: 21,
        largest: 9,
        after: 8,
        before: 9,
        ms: 1,
        untilMs: 8,
      },
    ]);
  });
  test('reordered and repeated numbers are no hole', () => {
    expect(watch([2, 1, 3, 5, 4, 4, 5]).holes()).toEqual([]);
  });
  test('the low half of an extended number goes on over its wrap', () => {
    expect(watch(range(2 ** 32 - 3, 6)).holes()).toEqual([]);
    expect(watch([2 ** 32 - 2, 2 ** 32 + 1]).holes()[0]?.missing).toBe(2);
  });
  test('an SA that was installed anew counts from its new start', () => {
    expect(watch([...range(5000, 4), ...range(1, 4)]).holes()).toEqual([]);
    expect(watch([...range(5000, 4), 1, 3]).holes()[0]).toMatchObject({ missing: 1, span: 7 });
  });
  test('what is left out of a run is counted exactly, in any order within a few places', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 98 }), { maxLength: 50 }),
        (first, left) => {
          const kept = range(0, 100).filter((n) => !left.includes(n));
          const shuffled = kept.toSorted((a, b) => (a ^ 1) - (b ^ 1));
          const [hole] = watch(shuffled.map((n) => first + n)).holes();
          return (hole?.missing ?? 0) === left.length;
        },
      ),
    );
  });
});
