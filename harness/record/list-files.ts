import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { RecordingError } from './recording-error.ts';

/**
 * Every file below a folder, as sorted `/`-separated relative paths.
 * @throws RecordingError for a link, which may lead out of the folder, and for a FIFO, socket or device, where reading may never end
 */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    if (entry.isDirectory()) continue;
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/');
    if (!entry.isFile())
      throw new RecordingError(folder, path, `is a ${entry.isSymbolicLink() ? 'link' : 'FIFO, socket or device'}, not a file`);
    files.push(path);
  }
  return files.sort();
}
