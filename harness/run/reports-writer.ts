import type { Recording } from '../model/recording.ts';
import type { Report } from '../model/report.ts';
import type { DeclaredControls } from './declared-controls.ts';
import { cutLeaks } from './leaks/cut-leaks.ts';
import { type PageExtraFlags, pageExtras } from './page-extras.ts';
import { writeReports } from './write-reports.ts';

/** Writes all reports into a folder. @param recording the judged recording: source of the index of evidence and of the frames */
export type ReportsWriter = (report: Report, folder: string, recording: Recording) => Promise<void>;

/** The writer for one set of declared controls and page extras: `assess`, `run` and `pack` write the same reports. */
export function reportsWriter(controls: DeclaredControls, flags: PageExtraFlags = {}): ReportsWriter {
  return async (report, folder, recording) => {
    const leaks = await cutLeaks(report, recording);
    await writeReports(report, folder, controls, { ...(await pageExtras(recording.manifest.files, report, flags)), leaks });
  };
}
