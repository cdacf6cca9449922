import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSelftestTally } from './selftest-tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-tally-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tally(
  exitCode: number | null,
  ...cells: { readonly state: string; readonly reason?: string; readonly checks?: readonly object[] }[]
) {
  const file = join(folder, 'selftest.json');
  const results = cells.map((cell, i) => ({ cell: { id: `L0${i}` }, reason: '', checks: [], ...cell }));
  writeFileSync(file, JSON.stringify({ results }));
  return readSelftestTally(file, exitCode);
}

test('cells by how they ended, the failed ones by name', () => {
  expect(tally(0, { state: 'passed' }, { state: 'passed' }, { state: 'absent' })).toEqual({ passed: 2, failures: [], skipped: 1 });
  const checks = [
    { id: 'WIR-01', outcome: 'missed' },
    { id: 'WIR-02', outcome: 'caught' },
    { id: 'WIR-03', outcome: 'false-alarm' },
  ];
  const wrong = tally(1, { state: 'passed' }, { state: 'failed', checks }, { state: 'broken', reason: 'the lab did not boot' });
  expect(wrong).toEqual({
    passed: 1,
    failures: ['selftest: L01: failed, WIR-01 missed, WIR-03 false-alarm', 'selftest: L02: broken, the lab did not boot'],
    skipped: 0,
  });
});

test('an edited recording that was not judged as stated is a failure', () => {
  const file = join(folder, 'attacks.json');
  writeFileSync(file, JSON.stringify({ results: [], attacks: { wrong: [{ id: 'A1', what: 'a capture cut short' }] } }));
  expect(readSelftestTally(file, 1).failures).toEqual(['selftest: attack A1: a capture cut short']);
});

test('a failure that no cell explains, nothing run and no report are failures', () => {
  expect(tally(2, { state: 'passed' })).toEqual({ passed: 1, failures: ['selftest: exit 2 without a failed cell'], skipped: 0 });
  expect(tally(0, { state: 'absent' })).toEqual({ passed: 0, failures: ['selftest: no cell was run'], skipped: 1 });
  expect(tally(null, { state: 'passed' }).failures).toHaveLength(1);
  expect(readSelftestTally(join(folder, 'none.json'), 0).failures).toEqual(['selftest: no report was written']);
});

test('a machine that cannot have a lab skips it', () => {
  expect(readSelftestTally(join(folder, 'none.json'), 4)).toEqual({ passed: 0, failures: [], skipped: 1 });
});
