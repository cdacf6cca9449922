import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readTally } from './vitest-tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tallyOf(counts: Record<string, unknown>, ok: boolean) {
  const file = join(folder, 'report.json');
  writeFileSync(
    file,
    JSON.stringify({ numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...counts }),
  );
  return readTally(file, ok);
}

test('counts passed, failed and skipped tests', () => {
  expect(tallyOf({ numPassedTests: 5, numFailedTests: 2, numPendingTests: 1 }, false)).toEqual({ passed: 5, failed: 2, skipped: 1 });
});

test('a file that did not load is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(tallyOf({ numPassedTests: 5, testResults }, false)).toEqual({ passed: 5, failed: 1, skipped: 0 });
});

test('no test at all, a failed run without a failing test and a missing report are failures', () => {
  expect(tallyOf({}, true).failed).toBe(1);
  expect(tallyOf({ numPassedTests: 5 }, false).failed).toBe(1);
  expect(readTally(join(folder, 'absent.json'), true).failed).toBe(1);
});
