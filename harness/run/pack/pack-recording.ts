import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PLAN, packName, README, RECORDING_FOLDER, REDACTION, REPORTS_FOLDER } from '../../../reports/pack/layout.ts';
import type { PackManifest } from '../../../reports/pack/manifest.ts';
import { mediaTypeOf } from '../../../reports/pack/media-types.ts';
import { writeReadme } from '../../../reports/pack/readme.ts';
import { type StagedFile, sealPack } from '../../../reports/pack/seal.ts';
import type { SigningKey } from '../../../reports/pack/sign/signing-key.ts';
import { publicKeysOf } from '../../judge/evidence/public-keys.ts';
import { canonicalJson } from '../../model/canonical-json.ts';
import { planOf, planText } from '../../model/plan.ts';
import type { Recording } from '../../model/recording.ts';
import type { Report } from '../../model/report.ts';
import { hashFile } from '../../record/file-hash.ts';
import { listFiles } from '../../record/list-files.ts';
import { openRecording } from '../../record/open-recording.ts';
import { assess } from '../assess.ts';
import { EXIT } from '../exit-codes.ts';
import { ExitError } from '../exit-error.ts';
import { refuseInside } from '../refuse-inside.ts';
import type { ReportsWriter } from '../reports-writer.ts';
import { classificationOf, originsOf } from './evidence-of.ts';
import { compareJudgements, refuseOtherJudgement } from './judge-again.ts';
import { numberReferences } from './number-references.ts';
import { openPackSource, type PackSource } from './pack-source.ts';
import { describeRedaction, recorderRedactions, redactionLog } from './redaction-log.ts';
import { searchSecrets } from './search-secrets.ts';
import { type StagedRecording, stageRecording } from './stage-recording.ts';

export interface PackOptions {
  /** Contains `recording/` and the reports, or is the recording beside them. */
  readonly folder: string;
  readonly key: SigningKey;
  /** The archive; default `wirewitness-<run>.tar.gz` beside the reports. */
  readonly out?: string;
  /** Keep captures as they were recorded, with payload. */
  readonly fullCaptures?: boolean;
  readonly progress?: (line: string) => void;
  /** Ends the packing between two steps; no files are left. */
  readonly signal?: AbortSignal;
  /** How the recording and its copy are judged; default {@link assess}. */
  readonly judge?: (recording: Recording) => Promise<Report>;
  readonly reports: ReportsWriter;
}

export interface PackedRecording {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly manifest: PackManifest;
}

const RETENTION_MONTHS = 12;

/**
 * Make the evidence pack of a recording: judge it, write its reports, copy it with payload cut out, judge the copy, search everything for
 * secrets, list, sign, write. What is signed comes only from the recording: report.json beside it must agree, and no report is copied from
 * there. The staging folder is private and is always removed.
 * @throws SecretFoundError; RecordingError; ExitError (usage; inconclusive if report.json disagrees, or a file cannot be packed)
 */
export async function packRecording({
  folder,
  key,
  out,
  fullCaptures = false,
  progress = () => undefined,
  signal,
  judge = assess,
  reports,
}: PackOptions): Promise<PackedRecording> {
  const source = await openPackSource(folder);
  const target = resolve(out ?? join(source.reportsFolder, packName(source.rawManifest.run.id)));
  await refuseInside(source.recordingFolder, { '--out': target });
  const step = (line: string): void => {
    signal?.throwIfAborted();
    progress(line);
  };
  step('judging the recording');
  const report = await judge(source.recording);
  refuseOtherJudgement(source.toldReport, report, source.reportsFolder);
  const stage = await mkdtemp(join(tmpdir(), 'wirewitness-pack-'));
  try {
    step(fullCaptures ? 'copying the recording' : 'cutting payload out of the captures');
    const staged = await stageRecording(source.recordingFolder, source.rawManifest, join(stage, RECORDING_FOLDER), fullCaptures, [
      ...(await publicKeysOf(source.recording)),
    ]);
    await reports(report, join(stage, REPORTS_FOLDER), source.recording);
    step('judging the copy');
    const copy = await openRecording(join(stage, RECORDING_FOLDER));
    const repetition = compareJudgements(report, await judge(copy));
    const own = [PLAN, REDACTION, README];
    await numberReferences(join(stage, REPORTS_FOLDER), report, [...(await listFiles(stage)), ...own]);
    const copied = await stagedFiles(stage, source, staged);
    const plan = await planFileOf(source);
    step('searching for secrets');
    const searched = [...copied, plan.file, memoryFile('MANIFEST.json', canonicalJson(copied.map(({ source: _, ...item }) => item)))];
    const search = await searchSecrets(searched, copy);
    const log = redactionLog({
      tool: report.tool.version,
      fullCaptures,
      captures: staged.cuts,
      leftOut: staged.leftOut,
      ...(await recorderRedactions(source.rawManifest, (path) => source.recording.text(path))),
      repetition,
      search,
    });
    const head = headOf(source, report, plan.digest);
    const redaction = memoryFile(REDACTION, canonicalJson(log));
    const readme = memoryFile(README, writeReadme(head, describeRedaction(log)));
    step('sealing');
    await mkdir(dirname(target), { recursive: true });
    const manifest = await sealPack({ head, files: [...copied, plan.file, redaction, readme], report, key, out: target });
    return { file: target, ...(await hashFile(target)), manifest };
  } catch (error) {
    // What the format or a search does not support: a name, a size, frames of several link types, gzip without an end.
    if (error instanceof RangeError && !/call stack|array length|string length/i.test(error.message))
      throw new ExitError(EXIT.inconclusive, `not sealed: ${error.message}`);
    throw error;
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

function headOf(
  { rawManifest: { run, tool, cluster } }: PackSource,
  report: Report,
  plan: PackManifest['plan'],
): Omit<PackManifest, 'evidence'> {
  const versions = { ...cluster.versions, [tool.name]: tool.version, node: tool.node };
  const { environmentClass } = cluster;
  return {
    schema: 1,
    name: packName(run.id),
    run,
    tool,
    environmentClass,
    versions,
    verdict: report.verdict,
    plan,
    retentionMonths: RETENTION_MONTHS,
  };
}

async function stagedFiles(stage: string, { rawManifest }: PackSource, { cuts }: StagedRecording): Promise<StagedFile[]> {
  const origins = originsOf(rawManifest);
  const classification = classificationOf(rawManifest);
  const originals = new Map(cuts.map(({ path, original, recipe }) => [path, { ...original, recipe }]));
  const files: StagedFile[] = [];
  for (const path of await listFiles(stage)) {
    const name = path.startsWith(`${RECORDING_FOLDER}/`) ? path.slice(RECORDING_FOLDER.length + 1) : null;
    const original = name === null ? undefined : originals.get(name);
    files.push({
      path,
      ...(await hashFile(join(stage, path))),
      mediaType: mediaTypeOf(path),
      ...(name === null ? { producer: 'report', acquiredAt: null } : origins(name)),
      classification,
      ...(original === undefined ? {} : { original }),
      source: join(stage, path),
    });
  }
  return files;
}

/** The plan's text, and whether the journal's first event has its digest. */
async function planFileOf({ rawManifest, recording }: PackSource): Promise<{ file: StagedFile; digest: PackManifest['plan'] }> {
  const file = memoryFile(PLAN, planText(planOf(rawManifest)), classificationOf(rawManifest));
  const [first] = await recording.events();
  const journalled = first?.event === 'run-started' && first.detail.plan === file.sha256;
  return { file, digest: { path: PLAN, sha256: file.sha256, journalled, hashedAt: journalled ? first.at.utc : null } };
}

function memoryFile(path: string, text: string, classification: StagedFile['classification'] = 'public'): StagedFile {
  const source = Buffer.from(text);
  const sha256 = createHash('sha256').update(source).digest('hex');
  return {
    path,
    bytes: source.length,
    sha256,
    mediaType: mediaTypeOf(path),
    producer: 'pack',
    acquiredAt: null,
    classification,
    source,
  };
}
