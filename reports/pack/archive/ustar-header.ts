/** Unit of a tar archive, bytes. */
export const BLOCK = 512;

/** Largest file that 11 octal digits can carry. */
export const MAX_FILE_BYTES = 8 ** 11 - 1;
const NAME_BYTES = 100;
const PREFIX_BYTES = 155;
const CHECKSUM_AT = 148;

/** What differs from one header to the next; all else is fixed. */
export interface UstarEntry {
  /** Relative, `/`-separated, UTF-8. */
  readonly path: string;
  readonly size: number;
  /** Seconds since 1970 UTC. */
  readonly mtime: number;
}

/**
 * The one header a file may have: POSIX.1-1988 ustar, mode 0644, owner and group 0 without names, numbers as zero-filled octal
 * with a NUL behind. One path, size and time give one header: what was read can be written again and compared byte for byte.
 * @throws RangeError naming the path and the limit
 */
export function ustarHeader({ path, size, mtime }: UstarEntry): Buffer {
  const { prefix, name } = splitPath(path);
  if (!Number.isSafeInteger(size) || size < 0 || size > MAX_FILE_BYTES)
    throw new RangeError(`${path}: ${size} bytes are outside 0 to ${MAX_FILE_BYTES}, which is what a ustar header can carry`);
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'utf8');
  header.write('0000644\0', 100, 'latin1');
  header.write('0000000\0', 108, 'latin1');
  header.write('0000000\0', 116, 'latin1');
  header.write(`${octal(size, 11, path)}\0`, 124, 'latin1');
  header.write(`${octal(mtime, 11, path)}\0`, 136, 'latin1');
  header.write('        ', CHECKSUM_AT, 'latin1');
  header.write('0', 156, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write('0000000\0', 329, 'latin1');
  header.write('0000000\0', 337, 'latin1');
  header.write(prefix, 345, 'utf8');
  let sum = 0;
  for (const byte of header) sum += byte;
  header.write(`${octal(sum, 6, path)}\0 `, CHECKSUM_AT, 'latin1');
  return header;
}

/** Path, size and time of a header block; its other fields are not checked. @throws RangeError */
export function readUstarHeader(block: Uint8Array): UstarEntry {
  const prefix = field(block, 345, PREFIX_BYTES);
  const name = field(block, 0, NAME_BYTES);
  return { path: prefix === '' ? name : `${prefix}/${name}`, size: number(block, 124, 'size'), mtime: number(block, 136, 'time') };
}

/** The split with the shortest prefix, so that one path has one header. @throws RangeError for a path that does not fit a ustar header */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= NAME_BYTES) return { prefix: '', name: path };
  for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(prefix) > PREFIX_BYTES) break;
    if (name !== '' && Buffer.byteLength(name) <= NAME_BYTES) return { prefix, name };
  }
  throw new RangeError(
    `${path}: no ustar header can carry this path: it must split at a slash into ${PREFIX_BYTES} and ${NAME_BYTES} bytes`,
  );
}

function octal(value: number, digits: number, path: string): string {
  const text = value.toString(8).padStart(digits, '0');
  if (!Number.isSafeInteger(value) || value < 0 || text.length > digits)
    throw new RangeError(`${path}: ${value} does not fit ${digits} octal digits`);
  return text;
}

function field(block: Uint8Array, at: number, length: number): string {
  const bytes = block.subarray(at, at + length);
  const end = bytes.indexOf(0);
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function number(block: Uint8Array, at: number, what: string): number {
  const text = Buffer.from(block.subarray(at, at + 12)).toString('latin1');
  if (!/^[0-7]{11}\0$/.test(text)) throw new RangeError(`its ${what} is not 11 octal digits and a NUL`);
  return Number.parseInt(text, 8);
}
