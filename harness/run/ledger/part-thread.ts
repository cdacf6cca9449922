import { closeSync, openSync, readSync } from 'node:fs';
import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { type CapturePart, PartReader } from '../../judge/ledger/read-part.ts';
import { answerTasks, givenToThread } from '../../proc/threads.ts';

/** What every thread is given. */
export interface PartThread {
  readonly path: string;
  /** Bytes of the file before its first frame. */
  readonly head: Uint8Array;
}

/** A part of the file to read; null to answer as soon as the thread is there. */
export type PartTask = { readonly from: number; readonly to: number } | null;

const { path, head } = givenToThread<PartThread>();
const reader = new PartReader(head, EncryptedFlows.concerns);

/** What the thread read in a part; null where it must be read after the parts before it. */
async function read({ from, to }: NonNullable<PartTask>): Promise<CapturePart | null> {
  const file = openSync(path, 'r');
  try {
    let at = from;
    return reader.read((space) => {
      const length = readSync(file, space, 0, Math.min(space.length, to - at), at);
      at += length;
      return length;
    });
  } finally {
    closeSync(file);
  }
}

answerTasks<PartTask, CapturePart | null>(async (task) => (task === null ? null : read(task)));
