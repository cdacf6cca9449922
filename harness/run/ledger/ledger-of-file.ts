import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { JoinedLedger } from '../../judge/ledger/joined-ledger.ts';
import { examineCapture } from '../../judge/ledger/ledger.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type ThreadPool, threadPool, usefulThreads } from '../../proc/threads.ts';
import { type CaptureCuts, captureCuts } from './capture-cuts.ts';
import { fileChunks } from './file-chunks.ts';
import type { PartAnswer, PartTask, PartThread } from './part-thread.ts';

/** Bytes of a part: it takes some ten milliseconds. */
const PART_BYTES = 4 * 1024 * 1024;
/** Memory for a part, which goes on to the first record after these bytes. */
const ROOM = PART_BYTES + 1024 * 1024;
/** Memory of a thread, measured. */
const THREAD_BYTES = 100 * 1024 * 1024;
/** Parts that are read ahead for each thread. */
const AHEAD = 3;

/** What a capture contains. */
export interface ReadLedger {
  readonly ledger: Ledger;
  /** TLS and QUIC. */
  readonly above: ReturnType<EncryptedFlows['end']>;
}

/**
 * Account for every frame of a capture that is not a file.
 * @param name for messages
 * @throws CaptureFormatError
 */
export async function ledgerOfStream(stream: AsyncIterable<Uint8Array>, name: string): Promise<ReadLedger> {
  const flows = new EncryptedFlows();
  return { ledger: await examineCapture(stream, { file: name }, flows.note), above: flows.end() };
}

/**
 * Account for every frame of a capture file.
 * @throws CaptureFormatError, and the system's error when the file cannot be opened or read
 */
export async function ledgerOfFile(path: string, threads = usefulThreads(THREAD_BYTES)): Promise<ReadLedger> {
  const cuts = threads > 1 ? captureCuts(path, PART_BYTES) : null;
  if (cuts === null) return ledgerOfStream(fileChunks(path), path);
  await using pool = partThreads(path, cuts, threads);
  // Awaited here, because the threads end with this scope.
  return await joinParts(path, cuts, pool, threads);
}

/** Threads that read parts of a capture file. */
export function partThreads(path: string, { head }: CaptureCuts, threads: number): ThreadPool<PartTask, PartAnswer | null> {
  const entry = new URL(`./part-thread${extname(import.meta.url)}`, import.meta.url);
  return threadPool({ entry, given: { path, head } satisfies PartThread, threads });
}

/**
 * The ledger of a capture file that threads read ahead. This thread puts the parts together in their order; it reads those that cannot be
 * read by themselves, and the first ones, while the threads start.
 */
export async function joinParts(
  path: string,
  { borders }: CaptureCuts,
  pool: Pick<ThreadPool<PartTask, PartAnswer | null>, 'run'>,
  threads: number,
): Promise<ReadLedger> {
  const flows = new EncryptedFlows();
  const joined = new JoinedLedger(path, flows);
  let ready = false;
  const started = Promise.all(Array.from({ length: threads }, () => pool.run(null))).then(() => (ready = true));
  // It is awaited at the end; if reading ends with an error, the threads end before they have started.
  started.catch(() => {});
  const ahead = new Map<number, Promise<PartAnswer | null>>();
  /** Memory goes to a thread and comes back. */
  const free: ArrayBuffer[] = [];
  const memoryFor = (bytes: number): Uint8Array<ArrayBuffer> => {
    const place = free.findIndex(({ byteLength }) => byteLength >= bytes);
    const [buffer = new ArrayBuffer(Math.max(bytes, ROOM))] = place < 0 ? [] : free.splice(place, 1);
    return new Uint8Array(buffer, 0, bytes);
  };
  const give = (part: number): void => {
    const [from, to] = [borders[part]!, borders[part + 1]!];
    // Where no record was found for long, the part is read here, in chunks.
    if (ahead.has(part) || to - from > 2 * ROOM) return;
    const memory = memoryFor(to - from);
    ahead.set(part, pool.run({ from, memory }, [memory.buffer]));
  };
  const parts = borders.length - 1;
  for (let part = 0; part < parts; part++) {
    for (let next = part + 1; ready && next <= part + AHEAD * threads && next < parts; next++) give(next);
    const answer = (await ahead.get(part)) ?? null;
    ahead.delete(part);
    if (answer === null) for await (const chunk of fileChunks(path, borders[part], borders[part + 1])) joined.push(chunk);
    else {
      if (answer.part === null || !joined.take(answer.part, answer.content)) joined.push(answer.content);
      free.push(answer.content.buffer);
    }
    // Threads are heard between two parts.
    await nextTurn();
  }
  // What was written to the file since it was cut.
  for await (const chunk of fileChunks(path, borders[parts])) joined.push(chunk);
  await started;
  return { ledger: joined.end(), above: flows.end() };
}
