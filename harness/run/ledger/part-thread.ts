import { closeSync, openSync, readSync } from 'node:fs';
import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { type CapturePart, readPart } from '../../judge/ledger/read-part.ts';
import { answerTasks, givenToThread } from '../../proc/threads.ts';

/** What every thread is given. */
export interface PartThread {
  readonly path: string;
  /** Bytes of the file before its first frame. */
  readonly head: Uint8Array;
}

/** A part of the file to read into memory that is moved to the thread; null to answer as soon as the thread is there. */
export type PartTask = { readonly from: number; readonly memory: Uint8Array<ArrayBuffer> } | null;

/** The bytes of the part, in the memory of its task, and what was read in them: null where they must be read after the parts before. */
export interface PartAnswer {
  readonly content: Uint8Array<ArrayBuffer>;
  readonly part: CapturePart | null;
}

/** Bytes that are read at once. */
const STEP = 256 * 1024;

const { path, head } = givenToThread<PartThread>();

function read({ from, memory }: NonNullable<PartTask>): PartAnswer {
  const file = openSync(path, 'r');
  try {
    let bytes = 0;
    const filled = function* (): Generator<number> {
      for (;;) {
        const length = readSync(file, memory, bytes, Math.min(STEP, memory.length - bytes), from + bytes);
        if (length === 0) return;
        bytes += length;
        yield bytes;
      }
    };
    const part = readPart(head, memory, filled(), EncryptedFlows.concerns);
    // The rest of a part that cannot be read by itself.
    for (const _ of filled());
    return { content: memory.subarray(0, bytes), part };
  } finally {
    closeSync(file);
  }
}

answerTasks<PartTask, PartAnswer | null>(
  async (task) => (task === null ? null : read(task)),
  (answer) => (answer === null ? [] : [answer.content.buffer, ...(answer.part === null ? [] : [answer.part.shown.buffer])]),
);
