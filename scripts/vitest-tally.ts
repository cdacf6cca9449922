import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { z } from 'zod';
import { ROOT } from './tool.ts';

/** Tests by result. */
export interface RunTally {
  readonly passed: number;
  /** One line for each failure: what failed, and the first line of why. */
  readonly failures: readonly string[];
  readonly skipped: number;
}

export const ZERO: RunTally = { passed: 0, failures: [], skipped: 0 };

export function add(a: RunTally, b: RunTally): RunTally {
  return { passed: a.passed + b.passed, failures: [...a.failures, ...b.failures], skipped: a.skipped + b.skipped };
}

/** The part of Vitest's JSON report that is used. */
const VitestReport = z.object({
  numPassedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

/**
 * Counts Vitest's JSON report. Each of these counts as one failure: a file that failed without a failing test (it did not load), a run that
 * failed without a failed file, a run without tests, a report that was never written.
 * @param project names the run where no file can be named
 */
export function readTally(project: string, file: string, ok: boolean): RunTally {
  if (!existsSync(file)) return { ...ZERO, failures: [`${project} tests: no report was written`] };
  const report = VitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((a) => a.status === 'failed');
    const where = relative(ROOT, name);
    if (failed.length === 0) return status === 'failed' ? [`${where}: ${firstLine(message)}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${where}: ${fullName}: ${firstLine(failureMessages?.[0] ?? '')}`);
  });
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  if (failures.length === 0 && !ok) failures.push(`${project} tests: failed without a failed test`);
  if (failures.length === 0 && passed + skipped === 0) failures.push(`${project} tests: no test was run`);
  return { passed, failures, skipped };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
