import type { Report } from '../model/report.ts';

/** Result of one mode of a run. */
export interface ModeOutcome {
  readonly folder: string;
  readonly report: Report;
}
