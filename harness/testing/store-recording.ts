import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileRecord } from '../model/recording.ts';
import type { MemoryRecording } from './memory-recording.ts';

/** Write a recording in memory into a folder, hashed, so that it opens like one that was recorded. */
export function storeRecording(recording: MemoryRecording, folder: string): void {
  const files: FileRecord[] = [];
  for (const [path, content] of recording.files) {
    const bytes = Buffer.from(content);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
    files.push({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...recording.manifest, files }, null, 2));
}
