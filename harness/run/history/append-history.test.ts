import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sampleKey } from '../../../reports/pack/testdata/sample-pack.ts';
import { sampleReport } from '../../../reports/testdata/sample-report.ts';
import type { Report } from '../../model/report.ts';
import { appendHistory } from './append-history.ts';
import { HISTORY_FILE, readHistory } from './history-file.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-history-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const key = sampleKey();
let folder: string;
let number = 0;
beforeEach(() => {
  folder = join(root, String(number++), 'deep');
});

function reportOf(day: number): Report {
  const report = sampleReport();
  const endedAt = { utc: new Date(Date.UTC(2026, 0, day)).toISOString(), monotonicMs: 0 };
  return { ...report, run: { ...report.run, id: `run-${day}`, endedAt } };
}
const append = (day: number, keepDays?: number) => appendHistory(folder, reportOf(day), key, { pack: null, keepDays });

test('each run goes behind the last, and the head is told', async () => {
  await append(1);
  expect(await append(2)).toMatch(/history\.ndjson, head [0-9a-f]{64}$/);
  expect((await readHistory(folder)).map(({ entry }) => entry.sequence)).toEqual([1, 2]);
  expect(readdirSync(folder)).toEqual([HISTORY_FILE]);
});

test('a run is there once', async () => {
  await append(1);
  expect(await append(1)).toContain('run run-1 is in line 1 already; nothing was added');
  expect(await readHistory(folder)).toHaveLength(1);
});

test('nothing is added to a history that was changed', async () => {
  await append(1);
  await append(2);
  const path = join(folder, HISTORY_FILE);
  writeFileSync(path, readFileSync(path, 'utf8').replace('run-1', 'run-9'));
  const before = readFileSync(path);
  await expect(append(3)).rejects.toThrow('line 1 of the history');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(folder)).toEqual([HISTORY_FILE]);
});

test('lines older than the newest by more than the kept days give way to one that stands for them, again and again', async () => {
  for (const day of [1, 2, 10, 11]) await append(day);
  const head = (await readHistory(folder)).at(-1)!.digest;
  await append(12, 5);
  const kept = await readHistory(folder);
  expect(kept.map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : entry.removed))).toEqual([2, 'run-10', 'run-11', 'run-12']);
  expect(kept.some(({ digest }) => digest === head)).toBe(true);
  await append(16, 5);
  expect((await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : entry.removed))).toEqual([
    3,
    'run-11',
    'run-12',
    'run-16',
  ]);
  await append(17, 5);
  expect((await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : entry.removed))).toEqual([
    4,
    'run-12',
    'run-16',
    'run-17',
  ]);
  await append(60, 5);
  expect((await readHistory(folder)).map(({ entry }) => (entry.kind === 'run' ? entry.summary.run : entry.removed))).toEqual([7, 'run-60']);
});

test('two writers at once are refused, not mixed', async () => {
  await append(1);
  writeFileSync(join(folder, `${HISTORY_FILE}.lock`), '');
  await expect(append(2)).rejects.toThrow('another run is writing');
  expect(readdirSync(folder).sort()).toEqual([HISTORY_FILE, `${HISTORY_FILE}.lock`]);
});
