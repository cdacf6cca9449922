import { constants, inflateRawSync } from 'node:zlib';

/** RFC 1952: magic, deflate. */
const MAGIC = Buffer.from([0x1f, 0x8b, 8]);
const FLAG = { hcrc: 2, extra: 4, name: 8, comment: 16 } as const;
const HEADER = 10;
/** False beginnings after which the rest is not searched: ciphertext has one in 16 million bytes by chance. */
const MAX_FAILURES = 64;

/**
 * Content of the gzip members anywhere in the bytes, with any data after them; of a member that is cut, its readable part.
 * @param limit largest content of one member, bytes
 * @throws RangeError for a member that unpacks to more: it cannot be searched completely
 */
export function* unpackedAll(bytes: Uint8Array, limit: number): Generator<Buffer> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let failures = 0;
  for (let at = buffer.indexOf(MAGIC); at >= 0 && failures < MAX_FAILURES; at = buffer.indexOf(MAGIC, at)) {
    const member = memberAt(buffer, at, limit);
    if (member === null) failures++;
    else yield member.content;
    at += Math.max(1, member?.length ?? 1);
  }
}

function memberAt(buffer: Buffer, at: number, limit: number): { content: Buffer; length: number } | null {
  const from = endOfHeader(buffer, at);
  try {
    const options = { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH, info: true };
    // With `info` the engine is returned too; it says how many bytes it has read.
    const { buffer: content, engine } = inflateRawSync(buffer.subarray(from), options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return content.length === 0 ? null : { content, length: from - at + engine.bytesWritten };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      throw new RangeError(`gzip in it unpacks to more than ${limit} bytes and was not searched`);
    // Only the first three bytes look like gzip: these bytes were already searched as they are.
    return null;
  }
}

function endOfHeader(buffer: Buffer, at: number): number {
  const flags = buffer[at + 3] ?? 0;
  let end = at + HEADER;
  if ((flags & FLAG.extra) !== 0 && end + 2 <= buffer.length) end += 2 + buffer.readUInt16LE(end);
  for (const flag of [FLAG.name, FLAG.comment]) if ((flags & flag) !== 0) end = afterZero(buffer, end);
  return (flags & FLAG.hcrc) === 0 ? end : end + 2;
}

function afterZero(buffer: Buffer, from: number): number {
  const zero = buffer.indexOf(0, from);
  return zero < 0 ? buffer.length : zero + 1;
}
