import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileRecordsOf, type MemoryRecording } from './memory-recording.ts';

/** Write a recording in memory into a folder, hashed, so that it opens like one that was recorded. */
export function storeRecording(recording: MemoryRecording, folder: string): void {
  for (const [path, content] of recording.files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...recording.manifest, files: fileRecordsOf(recording.files) }, null, 2));
}
