import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { limitLines } from '../../reports/limits.ts';
import { effectiveVerdict } from '../../reports/summary.ts';
import { catalogue } from '../../suites/catalogue.ts';
import { compareAdvisories } from '../judge/advisories/compare-advisories.ts';
import { judge } from '../judge/judge.ts';
import { buildReport } from '../judge/report.ts';
import type { Advisory } from '../model/advisory.ts';
import type { Recording } from '../model/recording.ts';
import type { Report } from '../model/report.ts';
import { loadAdvisories } from './advisories/load-advisories.ts';
import { controlRecord } from './control-record.ts';
import { ExitError } from './exit-error.ts';
import { type JudgeThreads, withReaders } from './threads/judge-in-threads.ts';

/**
 * Judge an opened recording: every check of the catalogue. A large one is read in threads.
 *
 * @param advisories advisories that it is compared with; absent: the included ones
 */
export async function assess(recording: Recording, advisories?: readonly Advisory[], threads: JudgeThreads = {}): Promise<Report> {
  const judgement = await withReaders(recording, threads, (readers) => judge(recording, catalogue, controlRecord, readers));
  const built = await buildReport(recording, catalogue, judgement, controlRecord);
  const held = compareAdvisories(advisories ?? (await loadAdvisories()), judgement);
  const report = { ...built, verdict: effectiveVerdict(built), advisories: held };
  return { ...report, limits: limitLines(report) };
}

/**
 * The recording in a folder that a user named: the folder itself, or its subfolder `recording/`.
 * @throws ExitError (usage) where there is no such folder
 */
export async function recordingFolderOf(folder: string): Promise<string> {
  const inside = join(folder, 'recording');
  const found = await stat(join(inside, 'manifest.json')).catch(() => null);
  if (found !== null) return inside;
  await stat(folder).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? ExitError.usage(`${folder}: there is no such folder; name one that \`run --out\` made`) : error;
  });
  return folder;
}
