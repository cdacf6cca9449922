import { join } from 'node:path';
import { parseBoundedJson } from '../model/bounded-json.ts';
import { manifestOfToday } from '../model/earlier-names.ts';
import { type FileRecord, RECORDING_SCHEMA, type Recording, type RecordingManifest, recordingManifestSchema } from '../model/recording.ts';
import { withFieldsOfToday } from './earlier-recordings.ts';
import { hashFile } from './file-hash.ts';
import { listFiles } from './list-files.ts';
import { MAX_TEXT, readRecording } from './read-recording.ts';
import { RecordingError } from './recording-error.ts';
import { readRegularFile } from './regular-file.ts';

/**
 * Open a recording folder for reading. Every file is hashed first: if one was changed, removed or added, the whole recording is refused. A
 * run that was killed wrote after its last checkpoint, so an incomplete recording may have a longer journal and files that are not in its
 * manifest; those files cannot be read through it.
 *
 * @throws RecordingError naming the folder and the file.
 */
export async function openRecording(folder: string): Promise<Recording> {
  const manifest = await loadManifest(folder);
  const known = new Map<string, FileRecord>();
  const kept = new KeptFiles();
  const present = new Set((await listFiles(folder)).filter((path) => path !== 'manifest.json'));
  for (const file of manifest.files) {
    if (known.has(file.path)) throw new RecordingError(folder, file.path, 'is named twice in the manifest');
    known.set(file.path, file);
    if (!present.has(file.path)) throw new RecordingError(folder, file.path, 'is named in the manifest but is not there');
    if (!manifest.run.complete && file.path === 'events.ndjson') continue;
    const found = await kept.read(file, join(folder, file.path));
    if (found.sha256 !== file.sha256)
      throw new RecordingError(folder, file.path, `has SHA-256 ${found.sha256}, the manifest says ${file.sha256}: it was changed`);
    // Only as many bytes are kept as the manifest says: with fewer than were hashed, the rest of the file would never be judged.
    if (found.bytes !== file.bytes)
      throw new RecordingError(folder, file.path, `has ${found.bytes} bytes, the manifest says ${file.bytes}`);
  }
  const extra = [...present].filter((path) => !known.has(path));
  if (manifest.run.complete && extra.length > 0)
    throw new RecordingError(folder, extra[0] ?? null, 'is not named in the manifest: it was added');
  return readRecording({ folder, manifest, kept: kept.contents });
}

/** Largest file that is kept in memory after hashing, and the most bytes kept of a recording. */
const MOST_OF_FILE = 4 * 1024 * 1024;
const MOST_OF_ALL = 64 * 1024 * 1024;

/** Files that are read once: the bytes judged are the bytes hashed. Other files are read again. */
class KeptFiles {
  readonly contents = new Map<string, Uint8Array>();
  #room = MOST_OF_ALL;

  /** Hash a file, and keep it if there is room. */
  async read({ path, bytes }: FileRecord, absolute: string): Promise<{ sha256: string; bytes: number }> {
    if (bytes > Math.min(MOST_OF_FILE, this.#room)) return hashFile(absolute);
    const chunks: Buffer[] = [];
    let size = 0;
    const found = await hashFile(absolute, (chunk) => {
      size += chunk.length;
      if (size <= bytes) chunks.push(chunk);
    });
    this.#room -= bytes;
    this.contents.set(path, Buffer.concat(chunks));
    return found;
  }
}

async function loadManifest(folder: string): Promise<RecordingManifest> {
  const text = await readRegularFile(join(folder, 'manifest.json'), MAX_TEXT).catch((error: NodeJS.ErrnoException) => {
    throw new RecordingError(folder, 'manifest.json', error.code === 'ENOENT' ? 'is not there: this is not a recording' : error.message);
  });
  let raw: unknown;
  try {
    raw = parseBoundedJson(text);
  } catch (error) {
    throw new RecordingError(folder, 'manifest.json', `is not JSON: ${(error as Error).message}`);
  }
  const schema = (raw as { schema?: unknown } | null)?.schema;
  if (schema !== RECORDING_SCHEMA)
    throw new RecordingError(
      folder,
      'manifest.json',
      `has schema ${JSON.stringify(schema)}; this version reads schema ${RECORDING_SCHEMA}`,
    );
  const result = recordingManifestSchema.safeParse(manifestOfToday(raw));
  if (result.success) return withFieldsOfToday(result.data);
  const issue = result.error.issues[0];
  throw new RecordingError(folder, 'manifest.json', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`);
}
