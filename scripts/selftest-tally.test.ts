import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSelftestTally } from './selftest-tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tally(exitCode: number | null, ...states: string[]) {
  const file = join(folder, 'selftest.json');
  writeFileSync(file, JSON.stringify({ results: states.map((state) => ({ state })) }));
  return readSelftestTally(file, exitCode);
}

test('cells by how they ended', () => {
  expect(tally(0, 'passed', 'passed', 'absent')).toEqual({ passed: 2, failed: 0, skipped: 1 });
  expect(tally(1, 'passed', 'failed', 'broken')).toEqual({ passed: 1, failed: 2, skipped: 0 });
});

test('a failure that no cell explains, nothing run and no report are failures', () => {
  expect(tally(2, 'passed')).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(tally(0, 'absent')).toEqual({ passed: 0, failed: 1, skipped: 1 });
  expect(tally(null, 'passed').failed).toBe(1);
  expect(readSelftestTally(join(folder, 'none.json'), 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a machine that cannot have a lab skips it', () => {
  expect(readSelftestTally(join(folder, 'none.json'), 4)).toEqual({ passed: 0, failed: 0, skipped: 1 });
});
