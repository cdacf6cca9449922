import { closeSync, openSync, readSync } from 'node:fs';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';

const CHUNK_BYTES = 512 * 1024;

/**
 * The bytes of a file from one place to another, in chunks of up to 512 KiB, all in one buffer: a chunk is valid until the next one is
 * asked for. A stream allocates a new buffer for each chunk, which takes longer than the reading.
 * @param to the first byte that is not read; absent: the end of the file
 * @throws the system's error when the file cannot be opened or read.
 */
export async function* fileChunks(path: string, from?: number, to = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array, void, undefined> {
  const file = openSync(path, 'r');
  try {
    const buffer = new Uint8Array(CHUNK_BYTES);
    // Without a place the file is read as it comes: a pipe has no places.
    for (let at = from ?? 0; at < to; ) {
      const length = readSync(file, buffer, 0, Math.min(CHUNK_BYTES, to - at), from === undefined ? null : at);
      if (length === 0) return;
      at += length;
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * The bytes of a capture file from one place to another.
 * @throws CaptureFormatError when the file ends before, and the system's error when it cannot be opened or read
 */
export function bytesOf(path: string, from: number, to: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(to - from);
    let filled = 0;
    for (let length = -1; length !== 0; filled += length) length = readSync(file, bytes, filled, bytes.length - filled, from + filled);
    if (filled < bytes.length)
      throw new CaptureFormatError(path, from + filled, `the file was cut while it was read: it had ${to} bytes or more`);
    return bytes;
  } finally {
    closeSync(file);
  }
}
