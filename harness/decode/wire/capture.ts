import { u32 } from './bytes.ts';
import { CaptureFormatError } from './format-error.ts';
import { PcapReader, pcapVariant } from './pcap.ts';
import { PcapngReader, SECTION_HEADER } from './pcapng.ts';
import type { CaptureSummary, FrameVisitor, RecordReader } from './record.ts';

/**
 * Push parser of capture files: takes chunks of any size and visits each frame. Memory is limited by the largest record, not by the file.
 */
export class CaptureParser {
  readonly #file: string;
  readonly #visit: FrameVisitor;
  #reader: RecordReader | null = null;
  /** Start of a record that the next chunk completes. */
  #held = new Uint8Array(65536);
  #heldLength = 0;
  #skip = 0;
  /** File offset of the first byte not consumed yet. */
  #offset = 0;

  constructor(file: string, visit: FrameVisitor) {
    this.#file = file;
    this.#visit = visit;
  }

  /** Whether the next byte is the first of a record. */
  get atBorder(): boolean {
    return this.#reader !== null && this.#heldLength === 0 && this.#skip === 0;
  }

  /** Frames that were visited or left out. */
  get frames(): number {
    return this.#reader?.frames ?? 0;
  }

  /** File header and blocks that say how frames are read: those after them depend on them. */
  get headers(): number {
    return this.#reader?.headers ?? 0;
  }

  /** Go on `bytes` later, at the border of a record: somebody else read the `frames` between. */
  leaveOut(bytes: number, frames: number): void {
    this.#offset += bytes;
    this.#reader!.frames += frames;
  }

  /** @throws CaptureFormatError when the bytes cannot be a capture. */
  push(chunk: Uint8Array): void {
    let from = 0;
    if (this.#skip > 0) {
      from = Math.min(this.#skip, chunk.length);
      this.#skip -= from;
      this.#offset += from;
    }
    if (from === chunk.length) return;
    if (this.#heldLength === 0) {
      const stop = this.#parse(chunk, from, chunk.length);
      if (stop < chunk.length) this.#hold(chunk, stop);
      return;
    }
    this.#hold(chunk, from);
    if (this.#heldLength < (this.#reader?.need ?? 4)) return;
    const length = this.#heldLength;
    const stop = this.#parse(this.#held, 0, length);
    if (stop < length) this.#held.copyWithin(0, stop, length);
    this.#heldLength = Math.max(0, length - stop);
  }

  /**
   * Visit the whole records of `bytes[from … to)` where they are. Returns where the first one begins that is not whole: the caller gives it
   * again when more bytes follow it.
   * @throws CaptureFormatError
   */
  pushWhole(bytes: Uint8Array, from: number, to: number): number {
    return this.#parse(bytes, from, to);
  }

  /** @throws CaptureFormatError when the file ended inside its header. */
  end(): CaptureSummary {
    if (this.#reader === null || (this.#offset === 0 && this.#heldLength > 0)) {
      const reason = this.#heldLength === 0 ? 'the file is empty' : `the file ends inside its header, after ${this.#heldLength} bytes`;
      throw new CaptureFormatError(this.#file, this.#heldLength, reason);
    }
    return { format: this.#reader.format, truncatedTail: this.#heldLength > 0 || this.#skip > 0 };
  }

  #parse(bytes: Uint8Array, from: number, to: number): number {
    if (this.#reader === null) {
      if (to - from < 4) return from;
      this.#reader = this.#open(u32(bytes, from));
    }
    const stop = this.#reader.parse(bytes, from, to, this.#offset);
    this.#offset += Math.min(stop, to) - from;
    if (stop > to) this.#skip = stop - to;
    return Math.min(stop, to);
  }

  #open(magic: number): RecordReader {
    const variant = pcapVariant(magic);
    if (variant !== null) return new PcapReader(this.#file, variant, this.#visit);
    if (magic === SECTION_HEADER) return new PcapngReader(this.#file, this.#visit);
    throw new CaptureFormatError(this.#file, 0, `magic 0x${magic.toString(16).padStart(8, '0')} is neither pcap nor pcapng`);
  }

  #hold(chunk: Uint8Array, from: number): void {
    const length = this.#heldLength + chunk.length - from;
    if (length > this.#held.length) {
      const larger = new Uint8Array(Math.max(length, this.#held.length * 2));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(from === 0 ? chunk : chunk.subarray(from), this.#heldLength);
    this.#heldLength = length;
  }
}

/**
 * Read a whole capture, with one visit for each frame.
 * @param file name for messages.
 * @throws CaptureFormatError
 */
export async function readCapture(source: AsyncIterable<Uint8Array>, visit: FrameVisitor, file = 'capture'): Promise<CaptureSummary> {
  const parser = new CaptureParser(file, visit);
  for await (const chunk of source) parser.push(chunk);
  return parser.end();
}
