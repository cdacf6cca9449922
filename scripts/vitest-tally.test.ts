import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT } from './tool.ts';
import { readTally } from './vitest-tally.ts';

const folder = mkdtempSync(join(tmpdir(), 'tally-'));
afterAll(() => rmSync(folder, { recursive: true }));

function tallyOf(report: Record<string, unknown>, ok: boolean) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify({ numPassedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [], ...report }));
  return readTally('unit', file, ok);
}

/** As Vitest writes a test file. */
function testFile(status: string, message: string, ...tests: { readonly status: string; readonly failureMessages?: readonly string[] }[]) {
  return { name: join(ROOT, 'harness/a.test.ts'), status, message, assertionResults: tests.map((t) => ({ fullName: 'adds', ...t })) };
}

test('counts passed and skipped tests, and names each failed one with the first line of why', () => {
  const failed = { status: 'failed', failureMessages: ['AssertionError: expected 1 to be 2\n    at a.test.ts:3'] };
  const testResults = [testFile('failed', '', { status: 'passed' }, failed)];
  expect(tallyOf({ numPassedTests: 5, numPendingTests: 1, testResults }, false)).toEqual({
    passed: 5,
    failures: ['harness/a.test.ts: adds: AssertionError: expected 1 to be 2'],
    skipped: 1,
  });
});

test('a file that did not load is a failure', () => {
  const testResults = [testFile('failed', 'SyntaxError: unexpected token\n at x')];
  expect(tallyOf({ numPassedTests: 5, testResults }, false).failures).toEqual(['harness/a.test.ts: SyntaxError: unexpected token']);
});

test('no test at all, a failed run without a failing test and a missing report are failures', () => {
  expect(tallyOf({}, true).failures).toEqual(['unit tests: no test was run']);
  expect(tallyOf({ numPassedTests: 5 }, false).failures).toEqual(['unit tests: failed without a failed test']);
  expect(readTally('lab', join(folder, 'absent.json'), true).failures).toEqual(['lab tests: no report was written']);
});
