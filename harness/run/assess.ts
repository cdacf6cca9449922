import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limitLines } from '../../reports/limits.ts';
import { effectiveVerdict } from '../../reports/summary.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { judge } from '../judge/judge.ts';
import { buildReport } from '../judge/report.ts';
import type { Recording } from '../model/recording.ts';
import type { Report } from '../model/report.ts';
import { controlRecord } from './control-record.ts';

/** Judge a recording that was opened: every check of the catalogue, in this process. */
export async function assess(recording: Recording): Promise<Report> {
  const judgement = await buildReport(recording, catalogue, await judge(recording, catalogue, controlRecord), controlRecord);
  const report = { ...judgement, verdict: effectiveVerdict(judgement) };
  return { ...report, limits: limitLines(report) };
}

/** The recording folder for what a user named: the folder itself, or the one that holds `recording/`. */
export async function recordingFolderOf(folder: string): Promise<string> {
  const inside = join(folder, 'recording');
  const found = await stat(join(inside, 'manifest.json')).catch(() => null);
  return found === null ? folder : inside;
}
