import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileRecord, JournalEvent, Recording, RecordingManifest } from '../model/recording.ts';

/** A recording in memory, with its files. */
export interface MemoryRecording extends Recording {
  readonly files: ReadonlyMap<string, string | Uint8Array>;
}

/**
 * A recording in memory, for tests and adapters.
 *
 * @throws Error from `text` and `bytes` for a path that is not in it, as a folder would
 */
export function memoryRecording(
  manifest: RecordingManifest,
  files: ReadonlyMap<string, string | Uint8Array>,
  events: readonly JournalEvent[] = [],
): MemoryRecording {
  const content = (path: string): string | Uint8Array => {
    const found = files.get(path);
    if (found === undefined) throw new Error(`${path} is not in the recording in memory`);
    return found;
  };
  return {
    manifest,
    files,
    async text(path) {
      const found = content(path);
      return typeof found === 'string' ? found : Buffer.from(found).toString('utf8');
    },
    async *bytes(path) {
      const found = content(path);
      yield typeof found === 'string' ? Buffer.from(found) : found;
    },
    events: async () => events,
  };
}

/** Each file with its length and hash, as the recorder's manifest lists them. */
export function fileRecordsOf(files: ReadonlyMap<string, string | Uint8Array>): FileRecord[] {
  return [...files].map(([path, content]) => {
    const bytes = Buffer.from(content);
    return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
}

/** Write a recording in memory into a folder, hashed, so that it opens like one that was recorded. */
export function storeRecording(recording: MemoryRecording, folder: string): void {
  for (const [path, content] of recording.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...recording.manifest, files: fileRecordsOf(recording.files) }, null, 2));
}
