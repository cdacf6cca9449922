import { join } from 'node:path';
import { parseBoundedJson } from '../model/bounded-json.ts';
import { type JournalEvent, journalEventSchema, type Recording, type RecordingManifest } from '../model/recording.ts';
import { RecordingError } from './recording-error.ts';
import { FileRefusal, openRegularFile, readRegularFile } from './regular-file.ts';

/** A recording whose files were hashed. It can be given to a thread, which reads what was hashed and does not hash it again. */
export interface HashedRecording {
  readonly folder: string;
  readonly manifest: RecordingManifest;
  /** Files that are not read again: the bytes judged are the bytes hashed. */
  readonly kept: ReadonlyMap<string, Uint8Array>;
}

/** Longest text that is read into memory, bytes: an output of a command, the journal, the manifest. Captures are read as a stream. */
export const MAX_TEXT = 128 * 1024 * 1024;

const HASHED = new WeakMap<Recording, HashedRecording>();

/** The recording for its reader. Only files that its manifest names can be read. */
export function readRecording(hashed: HashedRecording): Recording {
  const { folder, manifest, kept } = hashed;
  const known = new Set(manifest.files.map(({ path }) => path));
  const text = async (path: string): Promise<string> => {
    const content = kept.get(path);
    if (content !== undefined) return ownBytes(content).toString('utf8');
    return textOf(folder, path, absolute(hashed, path, known));
  };
  const recording: Recording = {
    manifest,
    text,
    bytes: (path) => {
      const content = kept.get(path);
      return content === undefined ? streamOf(absolute(hashed, path, known)) : once(ownBytes(content));
    },
    events: async () => parseEvents(folder, known.has('events.ndjson') ? await text('events.ndjson') : '', manifest),
  };
  HASHED.set(recording, hashed);
  return recording;
}

/**
 * What a thread needs to read an opened recording; null for a recording that was made or changed in memory, whose files are nowhere else.
 */
export function forThreads(recording: Recording): HashedRecording | null {
  const hashed = HASHED.get(recording);
  if (hashed === undefined) return null;
  // One memory for all threads, instead of a copy in each.
  const memory = new Uint8Array(new SharedArrayBuffer([...hashed.kept.values()].reduce((sum, { length }) => sum + length, 0)));
  const kept = new Map<string, Uint8Array>();
  let at = 0;
  for (const [path, content] of hashed.kept) {
    memory.set(content, at);
    kept.set(path, memory.subarray(at, at + content.length));
    at += content.length;
  }
  return { ...hashed, kept };
}

/**
 * Bytes of a file from one place up to another, or to its end.
 * @throws RecordingError when the file ends before
 */
export async function* partOf(hashed: HashedRecording, path: string, from: number, to: number | null): AsyncGenerator<Uint8Array> {
  const content = hashed.kept.get(path);
  const file = absolute(hashed, path);
  let left = to === null ? 0 : to - from;
  for await (const chunk of content === undefined ? streamOf(file, from, to) : once(ownBytes(content.subarray(from, to ?? undefined)))) {
    left -= chunk.length;
    yield chunk;
  }
  if (left > 0) throw new RecordingError(hashed.folder, path, `ends ${left} bytes before byte ${to}: it was changed`);
}

function absolute({ folder, manifest }: HashedRecording, path: string, known?: ReadonlySet<string>): string {
  if (!(known?.has(path) ?? manifest.files.some((file) => file.path === path)))
    throw new RecordingError(folder, path, 'is not part of the recording');
  return join(folder, path);
}

/** Not every function reads bytes that threads share: those are copied. */
function ownBytes(content: Uint8Array): Buffer {
  const { buffer, byteOffset, byteLength } = content;
  return buffer instanceof SharedArrayBuffer ? Buffer.from(content) : Buffer.from(buffer, byteOffset, byteLength);
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function textOf(folder: string, path: string, file: string): Promise<string> {
  return readRegularFile(file, MAX_TEXT).catch((error: unknown) => {
    throw error instanceof FileRefusal ? new RecordingError(folder, path, error.message) : error;
  });
}

async function* streamOf(path: string, start = 0, to: number | null = null): AsyncGenerator<Uint8Array> {
  if (to !== null && to <= start) return;
  await using file = await openRegularFile(path);
  yield* file.createReadStream({ autoClose: false, start, ...(to === null ? {} : { end: to - 1 }) }) as AsyncIterable<Uint8Array>;
}

function parseEvents(folder: string, text: string, manifest: RecordingManifest): JournalEvent[] {
  const events: JournalEvent[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    try {
      events.push(journalEventSchema.parse(parseBoundedJson(line)));
    } catch (error) {
      // A run that was killed may have left an incomplete last line.
      if (!manifest.run.complete && index === lines.length - 1) continue;
      throw new RecordingError(folder, 'events.ndjson', `line ${index + 1} is not an event: ${(error as Error).message}`);
    }
  }
  return events;
}
