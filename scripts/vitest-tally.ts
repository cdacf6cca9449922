import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The number of tests by result. */
export interface RunTally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const ZERO: RunTally = { passed: 0, failed: 0, skipped: 0 };

export function add(a: RunTally, b: RunTally): RunTally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The part of Vitest's JSON report that is used. */
const VitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
});

/**
 * Counts Vitest's JSON report. Each of these counts as one failure: a file that failed without a failing test (it did not load), a run that
 * failed without a failed file, a run without tests, a report that was never written.
 */
export function readTally(file: string, ok: boolean): RunTally {
  if (!existsSync(file)) return { ...ZERO, failed: 1 };
  const report = VitestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const unloaded = report.testResults.filter((r) => r.status === 'failed' && !r.assertionResults.some((a) => a.status === 'failed')).length;
  const passed = report.numPassedTests;
  const failed = report.numFailedTests + unloaded;
  const skipped = report.numPendingTests + report.numTodoTests;
  const unexplained = failed === 0 && (!ok || passed + skipped === 0);
  return { passed, failed: unexplained ? 1 : failed, skipped };
}
