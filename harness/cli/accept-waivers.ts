import { allWaived, applyWaivers } from '../../reports/waivers/apply-waivers.ts';
import type { Report } from '../model/report.ts';
import type { DeclaredControls } from '../run/declared-controls.ts';
import { exitCodeFor } from '../run/exit-codes.ts';

export interface AcceptFlags {
  readonly acceptWaivers?: boolean;
}

/**
 * The exit code of the judged reports. A waiver never changes a verdict. With `--accept-waivers` a complete run exits with 0 if each red
 * check has a waiver in force, so that a nightly job does not stay red for accepted exceptions.
 */
export function exitCodeOf(reports: readonly Report[], { waivers }: DeclaredControls, { acceptWaivers = false }: AcceptFlags): number {
  return exitCodeFor(
    reports.map((report) => {
      if (!acceptWaivers || !report.run.complete) return report.verdict;
      return allWaived(applyWaivers(waivers, report), report) ? 'supports' : report.verdict;
    }),
  );
}
