import type { Report } from '../model/report.ts';

/** What came of one mode of a run. */
export interface ModeOutcome {
  readonly folder: string;
  readonly report: Report;
}
