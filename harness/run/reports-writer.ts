import type { FileRecord } from '../model/recording.ts';
import type { Report } from '../model/report.ts';
import type { DeclaredControls } from './declared-controls.ts';
import { type PageExtraFlags, pageExtras } from './page-extras.ts';
import { writeReports } from './write-reports.ts';

/** Writes every report of what was judged into a folder. @param files of the recording that was judged, for the index of evidence */
export type ReportsWriter = (report: Report, folder: string, files: readonly FileRecord[]) => Promise<void>;

/** The writer for one set of declared controls and page extras: `assess`, `run` and `pack` write the same reports. */
export function reportsWriter(controls: DeclaredControls, flags: PageExtraFlags = {}): ReportsWriter {
  return async (report, folder, files) => writeReports(report, folder, controls, await pageExtras(files, report, flags));
}
