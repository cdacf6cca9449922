import type { FileRecord } from '../../harness/model/recording.ts';
import type { Report } from '../../harness/model/report.ts';
import type { ControlMatrix } from '../controls/rows.ts';
import type { HistorySeries } from '../history/trend.ts';
import type { LeakFile } from '../leak-file.ts';
import type { AppliedWaivers } from '../waivers/apply-waivers.ts';
import type { Drift } from './drift.ts';

/** The inputs of a page. Only the report is required; a section without its input is left out, never shown empty. */
export interface PageInputs {
  readonly report: Report;
  readonly controls?: ControlMatrix;
  /** Exceptions of the user, including expired ones. */
  readonly waivers?: AppliedWaivers;
  /** Frames of the problems, copied into files beside the page. */
  readonly leaks?: readonly LeakFile[];
  /** Files of the recording, with their hashes. */
  readonly files?: readonly FileRecord[];
  /** The differences from a baseline. */
  readonly drift?: Drift;
  /** Earlier runs of the same series, oldest first. */
  readonly trend?: readonly HistorySeries[];
}
