import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleKey } from '../../../reports/pack/testdata/sample-pack.ts';
import { sampleReport } from '../../../reports/testdata/sample-report.ts';
import type { Report } from '../../model/report.ts';
import { nextSample } from '../next-sample.ts';
import { appendHistory } from './append-history.ts';
import { pastSamples } from './past-samples.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-samples-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.XDG_STATE_HOME = join(root, 'state');
const folder = join(root, 'history');
const key = sampleKey();
const claim = { population: 6, sampled: 3, proven: 3, clear: 0, rounds: 2, confidence: 0.95, limit: 0.63 };

function reportOf(day: number, round: number, run: Partial<Report['run']> = {}): Report {
  const report = sampleReport();
  const endedAt = { utc: new Date(Date.UTC(2026, 0, day)).toISOString(), monotonicMs: 0 };
  const sample = { partners: 1, seed: 'ab'.repeat(16), round, ...claim };
  return { ...report, run: { ...report.run, id: `run-${day}`, fault: null, complete: true, endedAt, ...run }, sample };
}

test('the runs of a claim are continued from the history; interrupted runs and runs with a fault are no rounds', async () => {
  const { intent, run, environment } = reportOf(1, 0);
  await appendHistory(folder, reportOf(1, 0), key, { pack: null });
  await appendHistory(folder, reportOf(2, 1, { complete: false }), key, { pack: null });
  await appendHistory(folder, reportOf(3, 1, { fault: 'L07' }), key, { pack: null });
  const past = (await pastSamples(folder, run.scenario))(intent);
  expect(past.map(({ round }) => round)).toEqual([0]);
  expect(nextSample(environment.cluster, { partners: 1, past })).toEqual({ partners: 1, seed: 'ab'.repeat(16), round: 1 });
  expect((await pastSamples(folder, 'rotation'))(intent)).toEqual([]);
  expect((await pastSamples(folder, run.scenario))({ ...intent, mode: 'none' })).toEqual([]);
  expect((await pastSamples(undefined, run.scenario))(intent)).toEqual([]);
});
