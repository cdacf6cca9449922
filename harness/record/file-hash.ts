import { createHash } from 'node:crypto';
import { openRegularFile } from './regular-file.ts';

/**
 * SHA-256 and size of a file, streamed.
 * @param seen gets each piece that is hashed
 * @throws FileRefusal for a link, FIFO or device
 */
export async function hashFile(path: string, seen?: (chunk: Buffer) => void): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  await using file = await openRegularFile(path);
  for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    seen?.(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}
