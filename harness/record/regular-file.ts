import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Why a path is not opened. */
export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
}

/**
 * Open an ordinary file: a link, which may lead out of its folder, and a FIFO or device, where reading may never end, are refused.
 * @param maxBytes largest size; none when absent
 * @throws FileRefusal saying what it is instead; Error from the file system, with its code
 */
export async function openRegularFile(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOOP') throw new FileRefusal('is a link, not a file');
    if (error.code === 'ENXIO') throw new FileRefusal('is a socket or device, not a file');
    throw error;
  });
  const found = await file.stat().catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  if (found.isFile() && found.size <= maxBytes) return file;
  await file.close();
  throw new FileRefusal(
    found.isFile() ? `has ${found.size} bytes, above the limit of ${maxBytes}` : 'is a FIFO, device or folder, not a file',
  );
}

/** The content of an ordinary file as UTF-8. @throws as {@link openRegularFile} */
export async function readRegularFile(path: string, maxBytes: number): Promise<string> {
  await using file = await openRegularFile(path, maxBytes);
  return await file.readFile('utf8');
}
