import type { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { CaptureParser } from '../../decode/wire/capture.ts';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import { Accountant, type LedgerPart } from './accountant.ts';
import { EspSequences } from './esp-accounts.ts';

/** Numbers for each frame of {@link CapturePart.shown}. */
export const SHOWN_FIELDS = 9;
/** Bytes that are read at once. */
const BUFFER_BYTES = 512 * 1024;

/** A part of a capture, read without the parts before it: plain data. */
export interface CapturePart {
  readonly bytes: number;
  readonly frames: number;
  readonly ledger: LedgerPart;
  /**
   * Frames that the visitor of the whole capture must see: number in the part, place in its bytes, lengths, link type, time, flow in the part,
   * flags of the TCP header or 0.
   */
  readonly shown: Float64Array;
}

/** Reads parts of one capture, each by itself. */
export class PartReader {
  readonly #head: Uint8Array;
  readonly #isShown: typeof EncryptedFlows.concerns;
  /** It is used again for every part, and small enough for a processor's cache. */
  #buffer = new Uint8Array(BUFFER_BYTES);

  /**
   * @param head bytes of the file before its first frame
   * @param isShown whether the visitor of the whole capture must see a frame
   */
  constructor(head: Uint8Array, isShown: typeof EncryptedFlows.concerns) {
    this.#head = head;
    this.#isShown = isShown;
  }

  /**
   * Read a part. Null where that is not the same as reading it after the parts before it: it is not made of whole records, it changes how
   * frames are read, or what a frame is depends on earlier ones (fragments, WireGuard messages without port).
   * @param fill writes the next bytes of the part and returns how many, 0 at its end
   */
  read(fill: (space: Uint8Array) => number): CapturePart | null {
    const shown = new ShownFrames();
    /** Place of the buffer in the part. */
    let base = 0;
    let flow = -1;
    let flags = 0;
    const accountant = new Accountant({}, new EspSequences(), (frame) => {
      if (!this.#isShown(frame)) return;
      flow = frame.flow;
      flags = frame.tcpFlags ?? 0;
    });
    const parser = new CaptureParser('part', (raw) => {
      flow = -1;
      accountant.add(raw);
      if (flow >= 0) shown.add(raw, base, flow, flags);
    });
    parser.push(this.#head);
    const { headers } = parser;
    let held = 0;
    for (;;) {
      if (held === this.#buffer.length) this.#grow();
      const length = fill(this.#buffer.subarray(held));
      if (length === 0) break;
      const stop = wholeRecords(parser, this.#buffer, held + length);
      if (stop === null || accountant.dependsOnEarlier || parser.headers !== headers) return null;
      this.#buffer.copyWithin(0, stop, held + length);
      held += length - stop;
      base += stop;
    }
    if (held > 0 || !parser.atBorder) return null;
    return { bytes: base, frames: parser.frames, ledger: accountant.part(), shown: shown.end() };
  }

  #grow(): void {
    const larger = new Uint8Array(2 * this.#buffer.length);
    larger.set(this.#buffer);
    this.#buffer = larger;
  }
}

/** Where the first record begins that is not whole; null for bytes that are no records, and for more SAs than are counted. */
function wholeRecords(parser: CaptureParser, bytes: Uint8Array, to: number): number | null {
  try {
    return parser.pushWhole(bytes, 0, to);
  } catch (error) {
    // Whoever reads the whole capture meets the same error, and knows its place.
    if (error instanceof CaptureFormatError || error instanceof RangeError) return null;
    throw error;
  }
}

class ShownFrames {
  #fields = new Float64Array(SHOWN_FIELDS * 256);
  #filled = 0;

  add({ number, start, caplen, len, linkType, seconds, nanoseconds }: RawFrame, base: number, flow: number, flags: number): void {
    if (this.#filled === this.#fields.length) {
      const larger = new Float64Array(2 * this.#fields.length);
      larger.set(this.#fields);
      this.#fields = larger;
    }
    const fields = this.#fields;
    const at = this.#filled;
    fields[at] = number;
    fields[at + 1] = base + start;
    fields[at + 2] = caplen;
    fields[at + 3] = len;
    fields[at + 4] = linkType;
    fields[at + 5] = seconds;
    fields[at + 6] = nanoseconds;
    fields[at + 7] = flow;
    fields[at + 8] = flags;
    this.#filled += SHOWN_FIELDS;
  }

  end(): Float64Array {
    return this.#fields.slice(0, this.#filled);
  }
}
