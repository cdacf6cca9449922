import { type Reader, u16, u16le, u32, u32le } from './bytes.ts';
import { CaptureFormatError } from './format-error.ts';
import { emptyRawFrame, type FrameVisitor, MAX_RECORD_BYTES, type RecordReader } from './record.ts';

/** Bytes of the file header, and of that of a record. */
export const PCAP_FILE_HEADER = 24;
export const PCAP_RECORD_HEADER = 16;

/** The four magic numbers of pcap in network byte order; null for anything else. */
export function pcapVariant(magic: number): { littleEndian: boolean; nanoseconds: boolean } | null {
  switch (magic) {
    case 0xa1b2c3d4:
      return { littleEndian: false, nanoseconds: false };
    case 0xd4c3b2a1:
      return { littleEndian: true, nanoseconds: false };
    case 0xa1b23c4d:
      return { littleEndian: false, nanoseconds: true };
    case 0x4d3cb2a1:
      return { littleEndian: true, nanoseconds: true };
    default:
      return null;
  }
}

/** Reads classic pcap (draft-ietf-opsawg-pcap), micro- and nanoseconds, both byte orders. */
export class PcapReader implements RecordReader {
  readonly format = 'pcap' as const;
  need = PCAP_FILE_HEADER;
  readonly #file: string;
  readonly #visit: FrameVisitor;
  readonly #frame = emptyRawFrame();
  readonly #word: Reader;
  readonly #half: Reader;
  readonly #fractionUnit: number;
  #headerRead = false;

  constructor(file: string, variant: { littleEndian: boolean; nanoseconds: boolean }, visit: FrameVisitor) {
    this.#file = file;
    this.#visit = visit;
    this.#word = variant.littleEndian ? u32le : u32;
    this.#half = variant.littleEndian ? u16le : u16;
    this.#fractionUnit = variant.nanoseconds ? 1 : 1000;
  }

  get frames(): number {
    return this.#frame.number;
  }

  set frames(count: number) {
    this.#frame.number = count;
  }

  get headers(): number {
    return this.#headerRead ? 1 : 0;
  }

  parse(bytes: Uint8Array, from: number, to: number, fileOffset: number): number {
    let at = from;
    if (!this.#headerRead) {
      if (to - at < PCAP_FILE_HEADER) return at;
      this.#readHeader(bytes, at, fileOffset);
      at += PCAP_FILE_HEADER;
    }
    const word = this.#word;
    const frame = this.#frame;
    frame.buffer = bytes;
    while (to - at >= PCAP_RECORD_HEADER) {
      const caplen = word(bytes, at + 8);
      if (caplen > MAX_RECORD_BYTES) {
        throw new CaptureFormatError(
          this.#file,
          fileOffset + at - from,
          `record of ${caplen} bytes is above the limit of ${MAX_RECORD_BYTES}`,
        );
      }
      if (to - at < PCAP_RECORD_HEADER + caplen) {
        this.need = PCAP_RECORD_HEADER + caplen;
        return at;
      }
      frame.seconds = word(bytes, at);
      frame.nanoseconds = word(bytes, at + 4) * this.#fractionUnit;
      frame.caplen = caplen;
      frame.len = word(bytes, at + 12);
      frame.start = at + PCAP_RECORD_HEADER;
      frame.number += 1;
      this.#visit(frame);
      at += PCAP_RECORD_HEADER + caplen;
    }
    this.need = PCAP_RECORD_HEADER;
    return at;
  }

  #readHeader(bytes: Uint8Array, at: number, fileOffset: number): void {
    const major = this.#half(bytes, at + 4);
    if (major !== 2) throw new CaptureFormatError(this.#file, fileOffset + 4, `pcap version ${major} is not 2`);
    // The upper bits of the link type field say whether frames carry a checksum; the type is the lower 16.
    this.#frame.linkType = this.#word(bytes, at + 20) & 0xffff;
    this.#headerRead = true;
  }
}
