import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodePairs, roundsOf } from './node-pairs.ts';
import type { Sample } from './sample.ts';

const clusterOf = (count: number) => ({
  nodes: Array.from({ length: count }, (_, i) => ({
    name: `node${i + 1}`,
    addresses: [],
    podCidrs: [],
    internalAddresses: [],
    uplink: '',
  })),
});
const seeds = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex'));

function listed(count: number, sample: Sample | undefined): string[] {
  const cluster = clusterOf(count);
  const pairs = nodePairs(cluster, sample);
  return cluster.nodes.flatMap(({ name }) => pairs.partnersOf(name).map((to) => `${name} ${to}`));
}

test('without a sample every ordered pair is driven', () => {
  expect(listed(3, undefined)).toEqual(['node1 node2', 'node1 node3', 'node2 node1', 'node2 node3', 'node3 node1', 'node3 node2']);
  expect(nodePairs(clusterOf(12), undefined).size).toBe(132);
});

test('each node has so many partners in each direction, never itself, and the same seed gives the same pairs', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 3, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.nat(50), (seed, count, partners, round) => {
      const pairs = listed(count, { seed, partners, round });
      const each = Math.min(partners, count - 1);
      expect(new Set(pairs).size).toBe(count * each);
      for (const side of [0, 1]) {
        const ends = Map.groupBy(pairs, (pair) => pair.split(' ')[side]);
        expect(ends.size).toBe(count);
        for (const own of ends.values()) expect(own).toHaveLength(each);
      }
      for (const pair of pairs) expect(new Set(pair.split(' ')).size).toBe(2);
      expect(listed(count, { seed, partners, round })).toEqual(pairs);
    }),
  );
});

test('after all rounds of a seed every ordered pair was driven, and before the last round none twice', () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 3, max: 25 }), fc.integer({ min: 1, max: 4 }), (seed, count, partners) => {
      const rounds = roundsOf(count, partners);
      const each = Array.from({ length: rounds }, (_, round) => listed(count, { seed, partners, round }));
      expect(new Set(each.flat()).size).toBe(count * (count - 1));
      const early = each.slice(0, -1).flat();
      expect(new Set(early).size).toBe(early.length);
    }),
  );
});

test('a node that was not reached has no pair', () => {
  const { nodes } = clusterOf(4);
  const gone = { nodes: nodes.map((node, i) => (i === 1 ? { ...node, unreached: 'not ready' } : node)) };
  expect(nodePairs(gone, undefined).partnersOf('node1')).toEqual(['node3', 'node4']);
  expect(nodePairs(gone, { seed: '00'.repeat(16), partners: 1, round: 0 }).size).toBe(3);
});

test('another seed draws other pairs, each as often as any other', () => {
  const seen = new Map<string, number>();
  const draws = 600;
  for (let i = 0; i < draws; i++)
    for (const pair of listed(5, { seed: i.toString(16).padStart(32, '0'), partners: 1, round: 0 }))
      seen.set(pair, (seen.get(pair) ?? 0) + 1);
  expect(seen.size).toBe(20);
  // Each of 20 pairs is one of 5 drawn: 150 of 600, with a standard deviation of 10.6.
  for (const times of seen.values()) expect(Math.abs(times - draws / 4)).toBeLessThan(50);
});
