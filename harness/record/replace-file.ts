import { open, rename, rm } from 'node:fs/promises';

/**
 * Write a file completely or not at all: it is written as `<path>.new` and renamed. Existing files of both names are replaced; a link is
 * never followed, because the content would go to another place. Only the owner can read the file.
 */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
}
