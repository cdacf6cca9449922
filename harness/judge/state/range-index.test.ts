import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coversNetwork, overlap } from './networks.ts';
import { overlappingPairs, RangeIndex } from './range-index.ts';

const IPV4 = fc.tuple(
  fc.constantFrom('10.0.0.', '10.0.1.', '192.168.0.'),
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0, max: 32 }),
);
const IPV6 = fc.tuple(fc.constantFrom('fd00::', 'fd00:1::'), fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 128 }));
const RANGE = fc.oneof(
  IPV4.map(([prefix, last, bits]) => `${prefix}${last}/${bits}`),
  IPV4.map(([prefix, last]) => `${prefix}${last}`),
  IPV6.map(([prefix, last, bits]) => `${prefix}${last.toString(16)}/${bits}`),
  fc.constantFrom('all', 'default', '', 'no address', '::ffff:10.0.0.1', '0.0.0.0/0', '::/0'),
);
const RANGES = fc.array(RANGE, { maxLength: 30 });
const sorted = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

test('finds what a comparison with each range finds', () => {
  fc.assert(
    fc.property(RANGES, RANGE, (ranges, text) => {
      const index = new RangeIndex(ranges.map((range, number) => [range, number] as const));
      const each = ranges.flatMap((range, number) => (coversNetwork(range, text) ? [number] : []));
      expect(sorted(index.covering(text))).toEqual(each);
    }),
    { numRuns: 500 },
  );
});

test('longer ranges come first', () => {
  const index = new RangeIndex([
    ['0.0.0.0/0', 'world'],
    ['10.0.2.0/24', 'node'],
    ['10.0.2.7', 'pod'],
    ['10.0.2.7/32', 'again'],
  ]);
  expect(index.covering('10.0.2.7')).toEqual(['pod', 'again', 'node', 'world']);
});

test('pairs of ranges that share an address are those that a comparison of each with each finds', () => {
  fc.assert(
    fc.property(RANGES, (ranges) => {
      const each = ranges.flatMap((a, i) => ranges.flatMap((b, j) => (i < j && overlap(a, b) ? [[i, j]] : [])));
      expect(overlappingPairs(ranges)).toEqual(each);
    }),
    { numRuns: 300 },
  );
});
