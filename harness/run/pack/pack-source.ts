import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Recording, RecordingManifest } from '../../model/recording.ts';
import type { Report } from '../../model/report.ts';
import { openRecording } from '../../record/open-recording.ts';
import { recordingFolderOf } from '../assess.ts';
import { ExitError } from '../exit-error.ts';

/** A judged recording on disk: what a pack is made of. */
export interface PackSource {
  readonly recordingFolder: string;
  readonly reportsFolder: string;
  readonly recording: Recording;
  /** manifest.json as it stands there, with all that a reader may not know. */
  readonly rawManifest: RecordingManifest;
  readonly report: Report;
  /** Paths below `reportsFolder`, sorted. */
  readonly reportFiles: readonly string[];
}

/** What lies beside the reports and is none of them: the recording, files on their way, earlier packs and their time stamps. */
const NO_REPORT = /^recording(\/|$)|\.new$|^[^/]*\.(tar\.gz|tgz)(\.tsr)?$/;

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
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw ExitError.usage(`${path}: ${error.message} (\`wirewitness assess\` writes it; a pack holds a judged recording)`);
  });
  const report = JSON.parse(text) as Report;
  if (report.schema !== 1 || report.run?.id !== rawManifest.run.id)
    throw ExitError.usage(`${path}: is the report of run ${report.run?.id}, the recording beside it is run ${rawManifest.run.id}`);
  const entries = await readdir(reportsFolder, { recursive: true, withFileTypes: true });
  const reportFiles = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(reportsFolder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => !NO_REPORT.test(name))
    .sort();
  return { recordingFolder, reportsFolder, recording, rawManifest, report, reportFiles };
}
