import type { RunSummary } from '../../reports/history/entry.ts';
import { summaryOf } from '../../reports/history/summary-of.ts';
import { trendOf } from '../../reports/history/trend.ts';
import type { PageInputs } from '../../reports/html/page-inputs.ts';
import type { FileRecord } from '../model/recording.ts';
import type { Report } from '../model/report.ts';
import { compareReports } from './diff/compare.ts';
import { readHistory } from './history/history-file.ts';
import { loadReport } from './load-report.ts';

export interface PageExtraFlags {
  /** Folder of the history: earlier runs are shown. */
  readonly history?: string;
  /** An earlier report.json, or its folder, to compare this one with. */
  readonly baseline?: string;
}

/** What the page shows in addition to the report: the files of the recording, earlier runs, changes since a baseline. */
export async function pageExtras(
  files: readonly FileRecord[],
  report: Report,
  { history, baseline }: PageExtraFlags,
): Promise<Pick<PageInputs, 'files' | 'trend' | 'drift'>> {
  return {
    files,
    ...(history === undefined ? {} : { trend: await trendUpTo(history, report) }),
    ...(baseline === undefined ? {} : { drift: compareReports(await loadReport(baseline), report) }),
  };
}

/** The series of this run, with this run at the end. */
async function trendUpTo(folder: string, report: Report): Promise<NonNullable<PageInputs['trend']>> {
  const before = (await readHistory(folder)).flatMap(({ entry }): RunSummary[] => (entry.kind === 'run' ? [entry.summary] : []));
  const others = before.filter(({ run }) => run !== report.run.id);
  return trendOf([...others, summaryOf(report, null)]).filter(({ points }) => points.some(({ run }) => run === report.run.id));
}
