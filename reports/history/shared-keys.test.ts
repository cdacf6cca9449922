import { expect, test } from 'vitest';
import { sampleReport } from '../testdata/sample-report.ts';
import { type PlacedRun, sharedKeyLines, sharedKeys } from './shared-keys.ts';
import { summaryOf } from './summary-of.ts';

const [SECRET, OTHER] = ['a'.repeat(32), 'b'.repeat(32)];
const [ONE, TWO] = ['1'.repeat(32), '2'.repeat(32)];
const base = summaryOf(sampleReport(), null);
const run = (cluster: string, day: number, under?: string, ...names: readonly string[]): PlacedRun => ({
  cluster,
  summary: {
    ...base,
    run: `${cluster}-${day}`,
    recordedAt: new Date(Date.UTC(2026, 0, day)).toISOString(),
    ...(under === undefined ? {} : { keys: [{ under, names: [...names], more: 0 }] }),
  },
});

test('a key of two clusters and one of several nights are told, the first before the second', () => {
  const result = sharedKeys([run('a', 1, SECRET, ONE), run('a', 2, SECRET, ONE, TWO), run('b', 3, SECRET, TWO), run('c', 4)]);
  expect(result).toMatchObject({ compared: 3, runs: 4, secrets: 1 });
  expect(result.shared.map(({ names, clusters, runs }) => [names, clusters, runs])).toEqual([
    [[TWO], ['a', 'b'], 2],
    [[ONE], ['a'], 2],
  ]);
  expect(sharedKeyLines(result)).toEqual([
    'secret keys: compared in 3 of 4 runs',
    '  one secret key in 2 clusters: a, b, in 2 runs from 2026-01-02T00:00:00.000Z to 2026-01-03T00:00:00.000Z',
    '  one secret key of a, in 2 runs from 2026-01-01T00:00:00.000Z to 2026-01-02T00:00:00.000Z',
  ]);
});

test('keys that the same runs have are one line, and a run in two histories counts once', () => {
  const { shared } = sharedKeys([run('a', 1, SECRET, ONE, TWO), run('a', 2, SECRET, TWO, ONE)]);
  expect(shared).toMatchObject([{ names: [ONE, TWO], clusters: ['a'], runs: 2 }]);
  const twice = { ...run('a', 1, SECRET, ONE), cluster: 'copy of a' };
  expect(sharedKeys([run('a', 1, SECRET, ONE), twice])).toMatchObject({ compared: 1, runs: 1, shared: [] });
});

test('names under two secrets are not compared, and without a secret nothing is', () => {
  const apart = sharedKeys([run('a', 1, SECRET, ONE), run('b', 2, OTHER, ONE)]);
  expect(apart.shared).toEqual([]);
  expect(sharedKeyLines(apart)[0]).toMatch(/^secret keys: compared in 2 of 2 runs, under 2 different secrets/);
  expect(sharedKeyLines(sharedKeys([run('a', 1), run('b', 2)]))).toEqual([
    'secret keys: not compared, because no run had --fingerprint-key',
  ]);
});

test('the key pair of a node is told only where two clusters have it', () => {
  expect(sharedKeys([run('a', 1, 'public', ONE), run('a', 2, 'public', ONE)]).shared).toEqual([]);
  const [shared] = sharedKeys([run('a', 1, 'public', ONE), run('b', 2, 'public', ONE)]).shared;
  expect(shared).toMatchObject({ kind: 'WireGuard key pair', clusters: ['a', 'b'] });
});
