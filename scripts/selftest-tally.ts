import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type RunTally, ZERO } from './vitest-tally.ts';

/** Exit code of a machine that cannot run a lab; the reason is printed above. */
const ENVIRONMENT = 4;

/** The part of selftest.json that is used. */
const SelftestReport = z.object({ results: z.array(z.object({ state: z.enum(['passed', 'failed', 'broken', 'absent']) })) });

/**
 * Counts the cells of a selftest: those that could not be run count as failed, those that are not run for a stated reason as skipped.
 * A run that failed without a failed cell, and a report that was never written, count as one failure.
 */
export function readSelftestTally(file: string, exitCode: number | null): RunTally {
  if (exitCode === ENVIRONMENT) return { ...ZERO, skipped: 1 };
  if (!existsSync(file)) return { ...ZERO, failed: 1 };
  const { results } = SelftestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const count = (...states: string[]) => results.filter(({ state }) => states.includes(state)).length;
  const failed = count('failed', 'broken');
  const unexplained = failed === 0 && (exitCode !== 0 || count('passed') === 0);
  return { passed: count('passed'), failed: unexplained ? 1 : failed, skipped: count('absent') };
}
