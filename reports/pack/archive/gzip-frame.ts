import { open } from 'node:fs/promises';
import { crc32, createDeflateRaw, createInflateRaw } from 'node:zlib';
import { PackRefusal } from '../refusal.ts';

/** RFC 1952: deflate, no flags, no time, best compression, unknown system: nothing about the machine that packed. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
const TRAILER_BYTES = 8;
const SUBJECT = 'compression';

/** gzip with a fixed header. The bytes depend only on the content and on the zlib of this Node. */
export async function* gzipFrame(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield HEADER;
  let crc = 0;
  let length = 0;
  const deflate = createDeflateRaw({ level: 9 });
  const feeding = (async () => {
    try {
      for await (const chunk of source) {
        crc = crc32(chunk, crc);
        length += chunk.length;
        if (!deflate.write(chunk)) await new Promise((resolve) => deflate.once('drain', resolve));
      }
      deflate.end();
    } catch (error) {
      deflate.destroy(error as Error);
    }
  })();
  yield* deflate as AsyncIterable<Buffer>;
  await feeding;
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer.writeUInt32LE(crc >>> 0, 0);
  trailer.writeUInt32LE(length % 2 ** 32, 4);
  yield trailer;
}

/**
 * The content of a file that `gzipFrame` made: exactly one member with that header, a correct checksum and length, and no bytes after it.
 * @throws PackRefusal with the subject `compression`
 */
export async function* openGzipFrame(path: string): AsyncGenerator<Uint8Array> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const body = size - HEADER.length - TRAILER_BYTES;
  if (body < 1) throw new PackRefusal(SUBJECT, `the file has ${size} bytes: it is cut short or no pack`);
  const header = await part(file, 0, HEADER.length);
  if (!header.equals(HEADER)) throw new PackRefusal(SUBJECT, 'the file does not begin with the gzip header of a pack');
  const trailer = await part(file, size - TRAILER_BYTES, TRAILER_BYTES);
  let crc = 0;
  let length = 0;
  const inflate = createInflateRaw();
  const compressed = file.createReadStream({ start: HEADER.length, end: size - TRAILER_BYTES - 1, autoClose: false });
  compressed.on('error', (error) => inflate.destroy(error));
  compressed.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      length += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof PackRefusal) throw error;
    throw new PackRefusal(SUBJECT, `the compressed data is damaged or cut short (${(error as Error).message})`);
  } finally {
    compressed.destroy();
    inflate.destroy();
  }
  // The decompressor stops at the end of its data; the bytes it did not read are between that and the trailer.
  if (inflate.bytesWritten !== body)
    throw new PackRefusal(SUBJECT, `${body - inflate.bytesWritten} bytes follow the end of the compressed data`);
  if (trailer.readUInt32LE(0) !== crc >>> 0) throw new PackRefusal(SUBJECT, 'the checksum at the end of the file is wrong');
  if (trailer.readUInt32LE(4) !== length % 2 ** 32) throw new PackRefusal(SUBJECT, 'the length at the end of the file is wrong');
}

async function part(
  file: { read: (buffer: Buffer, at: number, length: number, from: number) => Promise<unknown> },
  from: number,
  length: number,
): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, from);
  return buffer;
}
