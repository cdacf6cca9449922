import { type Reader, u16, u16le, u32, u32le } from './bytes.ts';
import { CaptureFormatError } from './format-error.ts';
import { type PcapngInterface, readInterface, splitTimestamp } from './pcapng-interface.ts';
import { emptyRawFrame, type FrameVisitor, MAX_RECORD_BYTES, type RecordReader } from './record.ts';

/** Type of the Section Header Block; reads the same in both byte orders. */
export const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
/** Byte-order magic of a section. */
export const PCAPNG_BYTE_ORDER = 0x1a2b3c4d;
/** Bytes of a block without content. */
export const MIN_BLOCK = 12;
/** Most interfaces of one section; a file with more is refused. */
const MAX_INTERFACES = 65536;

/** Reads pcapng (draft-ietf-opsawg-pcapng): several sections and interfaces, both byte orders, unknown blocks skipped by length. */
export class PcapngReader implements RecordReader {
  readonly format = 'pcapng' as const;
  need = MIN_BLOCK;
  headers = 0;
  readonly #file: string;
  readonly #visit: FrameVisitor;
  readonly #frame = emptyRawFrame();
  #word: Reader = u32;
  #half: Reader = u16;
  #interfaces: PcapngInterface[] = [];
  #bytes: Uint8Array = new Uint8Array(0);
  #origin = 0;

  constructor(file: string, visit: FrameVisitor) {
    this.#file = file;
    this.#visit = visit;
  }

  get frames(): number {
    return this.#frame.number;
  }

  set frames(count: number) {
    this.#frame.number = count;
  }

  parse(bytes: Uint8Array, from: number, to: number, fileOffset: number): number {
    this.#bytes = bytes;
    this.#origin = fileOffset - from;
    this.#frame.buffer = bytes;
    let at = from;
    while (to - at >= MIN_BLOCK) {
      if (u32(bytes, at) === SECTION_HEADER) this.#beginSection(at);
      const type = this.#word(bytes, at);
      const length = this.#word(bytes, at + 4);
      if (length < MIN_BLOCK || length % 4 !== 0)
        this.#fail(at + 4, `block length ${length} is not a multiple of 4 of at least ${MIN_BLOCK}`);
      if (!isRead(type)) {
        at += length;
        if (at > to) return at;
        continue;
      }
      if (length > MAX_RECORD_BYTES) this.#fail(at + 4, `block of ${length} bytes is above the limit of ${MAX_RECORD_BYTES}`);
      if (to - at < length) {
        this.need = length;
        return at;
      }
      if (this.#word(bytes, at + length - 4) !== length)
        this.#fail(at + length - 4, 'block length at its end differs from the one at its start');
      this.#block(type, at + 8, at + length - 4);
      at += length;
    }
    this.need = MIN_BLOCK;
    return at;
  }

  #fail(at: number, reason: string): never {
    throw new CaptureFormatError(this.#file, this.#origin + at, reason);
  }

  #beginSection(at: number): void {
    const magic = u32(this.#bytes, at + 8);
    if (magic === PCAPNG_BYTE_ORDER) {
      this.#word = u32;
      this.#half = u16;
    } else if (u32le(this.#bytes, at + 8) === PCAPNG_BYTE_ORDER) {
      this.#word = u32le;
      this.#half = u16le;
    } else this.#fail(at + 8, 'section header without byte-order magic');
  }

  #block(type: number, at: number, end: number): void {
    if (!isPacketBlock(type)) this.headers++;
    if (type === SECTION_HEADER) {
      if (end - at < 16) this.#fail(at, 'section header is too short');
      if (this.#half(this.#bytes, at + 4) !== 1) this.#fail(at + 4, 'pcapng major version is not 1');
      this.#interfaces = [];
    } else if (type === INTERFACE_DESCRIPTION) {
      const itf = readInterface(this.#bytes, at, end, this.#half, this.#word);
      if (itf === null) this.#fail(at, 'interface description is cut short');
      if (this.#interfaces.length === MAX_INTERFACES) this.#fail(at, `more than ${MAX_INTERFACES} interfaces`);
      this.#interfaces.push(itf);
    } else if (type === SIMPLE_PACKET) this.#simple(at, end);
    else this.#packet(at, end, type === ENHANCED_PACKET ? this.#word(this.#bytes, at) : this.#half(this.#bytes, at));
  }

  #interface(index: number, at: number): PcapngInterface {
    const itf = this.#interfaces[index];
    if (itf === undefined) this.#fail(at, `packet of interface ${index}, which no block describes`);
    return itf;
  }

  #packet(at: number, end: number, index: number): void {
    if (end - at < 20) this.#fail(at, 'packet block is too short');
    const itf = this.#interface(index, at);
    const word = this.#word;
    const caplen = word(this.#bytes, at + 12);
    if (caplen > end - at - 20) this.#fail(at + 12, `captured length ${caplen} is above the block's ${end - at - 20} bytes`);
    const time = splitTimestamp(word(this.#bytes, at + 4), word(this.#bytes, at + 8), itf);
    this.#emit(itf, at + 20, caplen, word(this.#bytes, at + 16), time.seconds, time.nanoseconds);
  }

  #simple(at: number, end: number): void {
    if (end - at < 4) this.#fail(at, 'simple packet block is too short');
    const itf = this.#interface(0, at);
    const len = this.#word(this.#bytes, at);
    const caplen = itf.snapLength === 0 ? len : Math.min(len, itf.snapLength);
    if (caplen > end - at - 4) this.#fail(at, `captured length ${caplen} is above the block's ${end - at - 4} bytes`);
    this.#emit(itf, at + 4, caplen, len, 0, 0);
  }

  #emit(itf: PcapngInterface, start: number, caplen: number, len: number, seconds: number, nanoseconds: number): void {
    const frame = this.#frame;
    frame.linkType = itf.linkType;
    frame.start = start;
    frame.caplen = caplen;
    frame.len = len;
    frame.seconds = seconds;
    frame.nanoseconds = nanoseconds;
    frame.number += 1;
    this.#visit(frame);
  }
}

function isRead(type: number): boolean {
  return isPacketBlock(type) || type === INTERFACE_DESCRIPTION || type === SECTION_HEADER;
}

/** Whether a block of this type has a frame. */
export function isPacketBlock(type: number): boolean {
  return type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === OBSOLETE_PACKET;
}
