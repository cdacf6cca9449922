import { open, rename, rm } from 'node:fs/promises';

/**
 * Put a file in its place, whole or not at all: written beside it as `<path>.new` and renamed. What stood at either name is replaced and
 * never followed: a link there would lead the content elsewhere. Only the owner can read it.
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
