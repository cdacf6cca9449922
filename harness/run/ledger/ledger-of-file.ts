import { extname } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { JoinedLedger } from '../../judge/ledger/joined-ledger.ts';
import { examineCapture } from '../../judge/ledger/ledger.ts';
import type { CapturePart } from '../../judge/ledger/read-part.ts';
import type { Ledger } from '../../model/ledger.ts';
import { type ThreadPool, threadPool, usefulThreads } from '../../proc/threads.ts';
import { type CaptureCuts, captureCuts } from './capture-cuts.ts';
import { bytesOf, fileChunks } from './file-chunks.ts';
import type { PartTask, PartThread } from './part-thread.ts';

/** Bytes of a part: it takes some ten milliseconds. */
const PART_BYTES = 4 * 1024 * 1024;
/** Memory of a thread, measured. */
const THREAD_BYTES = 100 * 1024 * 1024;
/** Parts that are read ahead for each thread. */
const AHEAD = 3;
/** The first parts are read while the code is being compiled: they say little of the speed. */
const SLOW_PARTS = 8;
/**
 * Threads are started where this one needs longer than so many seconds for what is left. Their start takes 0.4 s of a processor, and two that
 * are busy slow each other: with what is left of 2 s they made it longer, of 8 s shorter by a tenth to a quarter (two cores on which two
 * programs that share nothing did 1.2 to 1.6 times the work of one).
 */
const WORTH_SECONDS = 4;

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
 * @param threads threads that read it, this one included
 * @throws CaptureFormatError, and the system's error when the file cannot be opened or read
 */
export async function ledgerOfFile(path: string, threads = usefulThreads(THREAD_BYTES)): Promise<ReadLedger> {
  const cuts = threads > 1 ? captureCuts(path, PART_BYTES) : null;
  if (cuts === null) return ledgerOfStream(fileChunks(path), path);
  await using pool = partThreads(path, cuts, threads - 1);
  // Awaited here, because the threads end with this scope.
  return await joinParts(path, cuts, pool, { threads });
}

/** Threads that read parts of a capture file. */
export function partThreads(path: string, { head }: CaptureCuts, threads: number): ThreadPool<PartTask, CapturePart | null> {
  const entry = new URL(`./part-thread${extname(import.meta.url)}`, import.meta.url);
  return threadPool({ entry, given: { path, head } satisfies PartThread, threads });
}

/**
 * The ledger of a capture file that is read by several threads, where it is long enough. This one puts the parts together in their order, and
 * reads its share: those that cannot be read by themselves, and the first ones, until the others have started.
 * @param threads this one and those of the pool
 * @param worthSeconds the others are started where this one would need longer for what is left
 */
export async function joinParts(
  path: string,
  { borders }: CaptureCuts,
  pool: Pick<ThreadPool<PartTask, CapturePart | null>, 'run'>,
  { threads, worthSeconds = WORTH_SECONDS }: { readonly threads: number; readonly worthSeconds?: number },
): Promise<ReadLedger> {
  const flows = new EncryptedFlows();
  const joined = new JoinedLedger(path, flows);
  const readHere = async (from: number, to?: number): Promise<void> => {
    for await (const chunk of fileChunks(path, from, to)) {
      joined.push(chunk);
      // The others get their next part.
      if (others.asked) await nextTurn();
    }
  };
  const others: { asked: boolean; ready: boolean; failure: unknown } = { asked: false, ready: false, failure: null };
  const ask = (): void => {
    others.asked = true;
    // They are not waited for: a file may be read before the threads have started.
    Promise.all(Array.from({ length: threads - 1 }, () => pool.run(null))).then(
      () => (others.ready = true),
      (error: unknown) => (others.failure = error),
    );
  };
  const ahead = new Map<number, Promise<CapturePart | null>>();
  const parts = borders.length - 1;
  let measuredFrom = 0;
  for (let part = 0; part < parts; part++) {
    if (part === SLOW_PARTS) measuredFrom = performance.now();
    const secondsOfPart = (performance.now() - measuredFrom) / 1000 / (part - SLOW_PARTS);
    if (!others.asked && part > SLOW_PARTS && secondsOfPart * (parts - part) > worthSeconds) ask();
    for (let next = part + 1; others.ready && next <= part + AHEAD * threads && next < parts; next++)
      if (next % threads !== 0 && !ahead.has(next)) ahead.set(next, pool.run({ from: borders[next]!, to: borders[next + 1]! }));
    const read = (await ahead.get(part)) ?? null;
    ahead.delete(part);
    const [from, to] = [borders[part]!, borders[part + 1]!];
    if (read === null || !joined.take(read, () => bytesOf(path, from, to))) await readHere(from, to);
  }
  // What was written to the file since it was cut.
  await readHere(borders[parts]!);
  if (others.failure !== null) throw others.failure;
  return { ledger: joined.end(), above: flows.end() };
}
