import { extname } from 'node:path';
import { isPacked, joinFindings, partsOf } from '../../decode/secrets/scan-file.ts';
import { contentsOf, type EvidenceFacts, type FileFindings, type FileSearch, readEvidence } from '../../judge/evidence/evidence-facts.ts';
import type { Readers } from '../../judge/judge.ts';
import type { CaptureReader } from '../../judge/wire/wire-facts.ts';
import type { CaptureRecord, Recording } from '../../model/recording.ts';
import { type ThreadPool, threadPool, usefulThreads } from '../../proc/threads.ts';
import { forThreads, type HashedRecording, partOf } from '../../record/read-recording.ts';
import type { JudgeAnswer, JudgeTask } from './judge-task.ts';

/** How many threads read a recording for the judge. The verdicts do not depend on it. */
export interface JudgeThreads {
  /** One: this one, one file after the other. Default: as many as pay off. */
  readonly threads?: number;
  /** Ends the threads. */
  readonly signal?: AbortSignal;
}

/** Memory that a thread of the judge takes, measured. */
const BYTES_OF_THREAD = 128 * 1024 * 1024;
/** Smallest recording that is read in threads: below, their start takes as long as they save. */
const LEAST_BYTES = 64 * 1024 * 1024;
/** MiB of a file that one task searches, in a tenth of a second or more. */
const PIECES_OF_PART = 4;

/** Reads captures and searches files in threads, where the recording is in a folder and large enough. */
export async function withReaders<T>(
  recording: Recording,
  { threads = threadsFor(recording), signal }: JudgeThreads,
  use: (readers: Partial<Readers>) => Promise<T>,
): Promise<T> {
  const hashed = threads > 1 ? forThreads(recording) : null;
  if (hashed === null) return use({});
  // In the package both are bundled for themselves, and their names end in .js.
  const entry = new URL(`./judge-thread${extname(import.meta.url)}`, import.meta.url);
  await using pool = threadPool<JudgeTask, JudgeAnswer>({ entry, given: hashed, threads, ...(signal === undefined ? {} : { signal }) });
  return await use(readersIn(pool, hashed));
}

function threadsFor({ manifest }: Recording): number {
  return manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) < LEAST_BYTES ? 1 : usefulThreads(BYTES_OF_THREAD);
}

function readersIn(pool: ThreadPool<JudgeTask, JudgeAnswer>, hashed: HashedRecording): Readers {
  const sizes = new Map(hashed.manifest.files.map(({ path, bytes }) => [path, bytes]));
  const sizeOf = (path: string): number => sizes.get(path) ?? 0;
  const searches = new Map<string, Promise<FileFindings>>();
  const search: FileSearch = (path) => {
    const found = searches.get(path) ?? searchParts(pool, hashed, path, sizeOf(path));
    // The judge asks for one after the other; until then an error waits.
    found.catch(() => {});
    searches.set(path, found);
    return found;
  };
  const captures: CaptureReader = async (recording, records) => {
    // The largest first, so that none is left over at the end. The search, in small parts, fills the gaps.
    const largestFirst = records.toSorted((a, b) => sizeOf(b.file) - sizeOf(a.file));
    const facts = new Map(largestFirst.map((record) => [record, factsOf(pool, record)]));
    for (const path of contentsOf(recording)) void search(path);
    return Promise.all(records.map((record) => facts.get(record)!));
  };
  const evidence = async (recording: Recording): Promise<EvidenceFacts> => {
    const found = await readEvidence(recording, search);
    // What ended the threads says nothing about a file: it is no gap of the recording.
    const ended = pool.ended();
    if (ended !== null) throw ended.error;
    return found;
  };
  return { captures, evidence };
}

async function factsOf(pool: ThreadPool<JudgeTask, JudgeAnswer>, record: CaptureRecord) {
  const answer = await pool.run({ capture: record });
  if (!('facts' in answer)) throw new Error(`${record.file}: the thread gave no facts`);
  // The thread has a copy of the record.
  return { ...answer.facts, record };
}

/** A large file in parts; one that is packed as a whole can only be unpacked as a whole. */
async function searchParts(
  pool: ThreadPool<JudgeTask, JudgeAnswer>,
  hashed: HashedRecording,
  path: string,
  size: number,
): Promise<FileFindings> {
  const parts = partsOf(size, PIECES_OF_PART);
  const whole = parts.length === 1 || (await beginsPacked(hashed, path));
  const files = await Promise.all((whole ? [null] : parts).map((part) => pool.run({ file: path, part })));
  const findings = files.map((answer): FileFindings => {
    if ('findings' in answer) return answer.findings;
    throw new Error('failed' in answer ? answer.failed : `${path}: the thread gave no findings`);
  });
  return { bytes: findings.reduce((sum, { bytes }) => sum + bytes, 0), found: joinFindings(findings.map(({ found }) => found)) };
}

async function beginsPacked(hashed: HashedRecording, path: string): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of partOf(hashed, path, 0, 2)) chunks.push(chunk);
  return isPacked(Buffer.concat(chunks));
}
