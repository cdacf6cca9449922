import { closeSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 512 * 1024;

/**
 * The bytes of a file in chunks of up to 512 KiB, all in one buffer: a chunk is valid until the next one is asked for. A stream allocates a
 * new buffer for each chunk, which takes longer than the reading.
 * @throws the system's error when the file cannot be opened or read.
 */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    for (;;) {
      const length = readSync(file, buffer, 0, CHUNK_BYTES, null);
      if (length === 0) return;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}
