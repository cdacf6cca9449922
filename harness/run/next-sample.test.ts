import { describe, expect, test } from 'vitest';
import { ringDigest } from '../model/node-pairs.ts';
import { nextSample, planSampling } from './next-sample.ts';

const names = (count: number) => Array.from({ length: count }, (_, i) => `node${i}`);
const cluster = (count: number) => ({
  nodes: names(count).map((name) => ({ name, addresses: [], podCidrs: [], internalAddresses: [], uplink: '' })),
});
const OLD = 'aa'.repeat(16);
const fresh = (): string => 'bb'.repeat(16);
const past = (round: number, nodes = 20, partners = 3) => ({ seed: OLD, round, partners, ring: ringDigest(names(nodes)) });

describe('which pairs are driven', () => {
  test('all up to 12 nodes, three partners above, and what was said', () => {
    expect(nextSample(cluster(12), {}, fresh)).toBeUndefined();
    expect(nextSample(cluster(13), {}, fresh)).toEqual({ partners: 3, seed: fresh(), round: 0 });
    expect(nextSample(cluster(5), { partners: 2 }, fresh)).toEqual({ partners: 2, seed: fresh(), round: 0 });
    expect(nextSample(cluster(5), { partners: 4 }, fresh)).toBeUndefined();
  });

  test('the next round of the last sample of the same nodes, until all pairs were driven', () => {
    expect(nextSample(cluster(20), { past: [past(0), past(1)] }, fresh)).toEqual({ partners: 3, seed: OLD, round: 2 });
    // 19 distances, three a round: round 6 is the seventh and last.
    expect(nextSample(cluster(20), { past: [past(6)] }, fresh)).toEqual({ partners: 3, seed: fresh(), round: 0 });
  });

  test('other nodes or another number of partners begin anew', () => {
    expect(nextSample(cluster(20), { past: [past(2, 21)] }, fresh)?.seed).toBe(fresh());
    expect(nextSample(cluster(20), { past: [past(2, 20, 2)] }, fresh)?.seed).toBe(fresh());
    expect(nextSample(cluster(20), { past: [past(4), past(0, 21)] }, fresh)).toMatchObject({ seed: OLD, round: 5 });
  });

  test('an earlier sample is driven again as it was', () => {
    expect(nextSample(cluster(20), { again: { seed: OLD, round: 5 }, past: [past(1)] }, fresh)).toEqual({
      partners: 3,
      seed: OLD,
      round: 5,
    });
  });

  test('a new seed is random', () => {
    const seeds = new Set(Array.from({ length: 50 }, () => nextSample(cluster(20), {})?.seed));
    expect(seeds.size).toBe(50);
  });
});

describe('the flags', () => {
  test('say partners and an earlier sample', () => {
    expect(planSampling({})).toEqual({});
    expect(planSampling({ partners: '4', sample: `${OLD}/12` })).toEqual({ partners: 4, again: { seed: OLD, round: 12 } });
  });

  test.each([
    [{ partners: '0' }, '--partners 0: must be a whole number from 1 to 1000'],
    [{ partners: 'many' }, '--partners many: must be'],
    [{ partners: '1001' }, '--partners 1001: must be'],
    [{ sample: OLD }, `--sample ${OLD}: must be a seed of 32 hex digits, a slash and a round`],
    [{ sample: 'x/1' }, '--sample x/1: must be'],
  ])('%j is refused', (flags, message) => {
    expect(() => planSampling(flags)).toThrow(message);
  });
});
