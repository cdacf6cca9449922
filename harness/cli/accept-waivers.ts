import { allWaived, holdWaivers } from '../../reports/waivers/hold-waivers.ts';
import type { Report } from '../model/report.ts';
import type { DeclaredControls } from '../run/declared-controls.ts';
import { exitCodeFor } from '../run/exit-codes.ts';

export interface AcceptFlags {
  readonly acceptWaivers?: boolean;
}

/**
 * The exit code of what was judged. A waiver never changes a verdict; with `--accept-waivers` a complete run whose everything red
 * has one in force ends as one that supports, so that a nightly job need not stay red for what somebody answers for.
 */
export function exitCodeOf(reports: readonly Report[], { waivers }: DeclaredControls, { acceptWaivers = false }: AcceptFlags): number {
  return exitCodeFor(
    reports.map((report) => {
      if (!acceptWaivers || !report.run.complete) return report.verdict;
      return allWaived(holdWaivers(waivers, report), report) ? 'supports' : report.verdict;
    }),
  );
}
