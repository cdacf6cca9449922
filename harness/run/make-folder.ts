import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Create a folder and its parents, and check that it is writable. Step by step, because the recursive `mkdir` of Node.js never returns if
 * the file system refuses a name with ENOENT, as /proc does.
 * @throws the system's error, with the path
 */
export async function makeFolder(path: string): Promise<void> {
  if ((await makeOne(path)) === 'no parent') {
    await makeFolder(dirname(path));
    if ((await makeOne(path)) === 'no parent') await mkdir(path);
  }
  await access(path, constants.W_OK);
}

async function makeOne(path: string): Promise<'made' | 'no parent'> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = await stat(dirname(path)).catch(() => null);
    if (code === 'ENOENT' && above === null) return 'no parent';
    const there = await stat(path).catch(() => null);
    if (code !== 'EEXIST' || there?.isDirectory() !== true) throw error;
  }
  return 'made';
}
