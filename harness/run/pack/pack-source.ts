import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Recording, RecordingManifest } from '../../model/recording.ts';
import type { Report } from '../../model/report.ts';
import { openRecording } from '../../record/open-recording.ts';
import { recordingFolderOf } from '../assess.ts';
import { ExitError } from '../exit-error.ts';
import { loadReport } from '../load-report.ts';

/** A judged recording on disk: the input of a pack. */
export interface PackSource {
  readonly recordingFolder: string;
  /** Folder of the reports, and of the archive if no other place is named. */
  readonly reportsFolder: string;
  readonly recording: Recording;
  /** manifest.json unchanged, with fields that a reader may not know. */
  readonly rawManifest: RecordingManifest;
  /** Content of report.json. It is not sealed: it only has to agree with the judgement made for the pack. */
  readonly toldReport: Report;
}

/**
 * Open what a run or `assess` left in a folder. The recording's hashes are checked.
 * @throws ExitError (usage) where there is no report or it is of another recording; RecordingError for a recording that was changed
 */
export async function openPackSource(folder: string): Promise<PackSource> {
  const recordingFolder = await recordingFolderOf(resolve(folder));
  const reportsFolder = recordingFolder === resolve(folder) ? dirname(recordingFolder) : resolve(folder);
  const recording = await openRecording(recordingFolder);
  const rawManifest = JSON.parse(await readFile(join(recordingFolder, 'manifest.json'), 'utf8')) as RecordingManifest;
  const path = join(reportsFolder, 'report.json');
  const toldReport = await loadReport(path);
  if (toldReport.run?.id !== rawManifest.run.id)
    throw ExitError.usage(`${path}: is the report of run ${toldReport.run?.id}, the recording beside it is run ${rawManifest.run.id}`);
  return { recordingFolder, reportsFolder, recording, rawManifest, toldReport };
}
