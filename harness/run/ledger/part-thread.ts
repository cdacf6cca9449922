import { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { type CapturePart, readPart } from '../../judge/ledger/read-part.ts';
import { answerTasks, givenToThread } from '../../proc/threads.ts';
import { fileChunks } from './file-chunks.ts';

/** What every thread is given. */
export interface PartThread {
  readonly path: string;
  /** Bytes of the file before its first frame. */
  readonly head: Uint8Array;
}

/** A part of the file to read; null to answer as soon as the thread is there. */
export type PartTask = { readonly from: number; readonly to: number } | null;

const { path, head } = givenToThread<PartThread>();

answerTasks<PartTask, CapturePart | null>(
  async (task) => (task === null ? null : readPart(head, fileChunks(path, task.from, task.to), EncryptedFlows.concerns)),
  (part) => (part === null ? [] : [part.shown.bytes.buffer, part.shown.fields.buffer]),
);
