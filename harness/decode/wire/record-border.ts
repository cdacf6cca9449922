import { type Reader, u32, u32le } from './bytes.ts';
import { PCAP_FILE_HEADER, PCAP_RECORD_HEADER, pcapVariant } from './pcap.ts';
import { isPacketBlock, MIN_BLOCK, PCAPNG_BYTE_ORDER, SECTION_HEADER } from './pcapng.ts';
import { MAX_RECORD_BYTES } from './record.ts';

/** Records that must follow each other before the first of them is taken for one. */
const CHAIN = 6;

/** How the records of one capture follow each other. */
export interface RecordLayout {
  /** Bytes before its first frame: what a reader must know of the file to begin at a later record. */
  readonly head: number;
  /** Records begin at multiples of it. */
  readonly unit: number;
  /** Length of the record that may begin at `at`, its headers included; 0 when none can begin there. */
  lengthOf(bytes: Uint8Array, at: number): number;
}

/** Seconds between the first frame of a capture and any other, at most: a year. */
const LONGEST = 366 * 86_400;

/** The layout of the capture that begins with these bytes; null for one that is none, or whose first frame is not in them. */
export function recordLayout(start: Uint8Array): RecordLayout | null {
  if (start.length < PCAP_FILE_HEADER) return null;
  const magic = u32(start, 0);
  const variant = pcapVariant(magic);
  if (variant !== null) return pcapLayout(start, variant.littleEndian ? u32le : u32, variant.nanoseconds ? 1_000_000_000 : 1_000_000);
  if (magic !== SECTION_HEADER) return null;
  const word = u32le(start, 8) === PCAPNG_BYTE_ORDER ? u32le : u32;
  const head = firstPacketBlock(start, word);
  return head === null ? null : { head, unit: 4, lengthOf: (bytes, at) => blockLength(bytes, at, word) };
}

/**
 * The first place from which on records follow each other, -1 where there is none in these bytes. It is a guess, because a frame may carry a
 * capture: it is right if the bytes before it end with a whole record.
 * @param offset place of the bytes in the file
 */
export function findBorder(bytes: Uint8Array, offset: number, { unit, lengthOf }: RecordLayout): number {
  for (let at = (unit - (offset % unit)) % unit; at < bytes.length; at += unit) if (isChain(bytes, at, lengthOf)) return at;
  return -1;
}

/** Several records follow each other, or fewer up to the end of the bytes. */
function isChain(bytes: Uint8Array, from: number, lengthOf: RecordLayout['lengthOf']): boolean {
  let at = from;
  for (let count = 0; count < CHAIN; count++) {
    if (at + PCAP_FILE_HEADER > bytes.length) return count > (at === bytes.length ? 0 : 1);
    const length = lengthOf(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}

/** The words of a record are small numbers that also fit four bytes later: its time tells them apart. */
function pcapLayout(start: Uint8Array, word: Reader, fractions: number): RecordLayout | null {
  if (start.length < PCAP_FILE_HEADER + PCAP_RECORD_HEADER) return null;
  const first = word(start, PCAP_FILE_HEADER);
  const lengthOf = (bytes: Uint8Array, at: number): number => {
    const [caplen, len] = [word(bytes, at + 8), word(bytes, at + 12)];
    const isTime = Math.abs(word(bytes, at) - first) <= LONGEST && word(bytes, at + 4) < fractions;
    return isTime && caplen > 0 && caplen <= len && len <= MAX_RECORD_BYTES ? PCAP_RECORD_HEADER + caplen : 0;
  };
  return { head: PCAP_FILE_HEADER, unit: 1, lengthOf };
}

function blockLength(bytes: Uint8Array, at: number, word: Reader): number {
  const length = word(bytes, at + 4);
  const isBlock = isPacketBlock(word(bytes, at)) && length >= MIN_BLOCK && length % 4 === 0 && length <= MAX_RECORD_BYTES;
  if (!isBlock) return 0;
  return at + length <= bytes.length && word(bytes, at + length - 4) !== length ? 0 : length;
}

/** Place of the first block with a packet. */
function firstPacketBlock(bytes: Uint8Array, word: Reader): number | null {
  for (let at = 0; at + MIN_BLOCK <= bytes.length; ) {
    if (isPacketBlock(word(bytes, at))) return at;
    const length = word(bytes, at + 4);
    if (length < MIN_BLOCK) return null;
    at += length;
  }
  return null;
}
