import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { type RunTally, ZERO } from './vitest-tally.ts';

/** Exit code of a machine that cannot run a lab; the reason is printed above. */
const ENVIRONMENT = 4;

/** The part of selftest.json that is used. */
const SelftestReport = z.object({
  results: z.array(
    z.object({
      cell: z.object({ id: z.string() }),
      state: z.enum(['passed', 'failed', 'broken', 'absent']),
      reason: z.string(),
      checks: z.array(z.object({ id: z.string(), outcome: z.string() })),
    }),
  ),
  attacks: z.object({ wrong: z.array(z.object({ id: z.string(), what: z.string() })) }).optional(),
});

/**
 * Counts the cells of a selftest: those that could not be run count as failed, those that are not run for a stated reason as skipped.
 * Each edited recording that was not judged as stated counts as one failure.
 * A run that failed without a failed cell, and a report that was never written, count as one failure.
 */
export function readSelftestTally(file: string, exitCode: number | null): RunTally {
  if (exitCode === ENVIRONMENT) return { ...ZERO, skipped: 1 };
  if (!existsSync(file)) return { ...ZERO, failures: ['selftest: no report was written'] };
  const { results, attacks } = SelftestReport.parse(JSON.parse(readFileSync(file, 'utf8')));
  const count = (state: string) => results.filter((r) => r.state === state).length;
  const failures = results
    .filter(({ state }) => state === 'failed' || state === 'broken')
    .map(({ cell, state, reason, checks }) => {
      const wrong = checks
        .filter(({ outcome }) => outcome === 'missed' || outcome === 'false-alarm')
        .map(({ id, outcome }) => `${id} ${outcome}`);
      return `selftest: ${cell.id}: ${[state, ...wrong, reason].filter((part) => part !== '').join(', ')}`;
    });
  for (const { id, what } of attacks?.wrong ?? []) failures.push(`selftest: attack ${id}: ${what}`);
  if (failures.length === 0 && exitCode !== 0) failures.push(`selftest: exit ${exitCode} without a failed cell`);
  if (failures.length === 0 && count('passed') === 0) failures.push('selftest: no cell was run');
  return { passed: count('passed'), failures, skipped: count('absent') };
}
