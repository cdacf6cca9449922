import type { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { CaptureParser } from '../../decode/wire/capture.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import { Accountant, type LedgerPart } from './accountant.ts';
import { EspSequences } from './esp-accounts.ts';

/** Numbers for each frame of {@link FramesOfPart}. */
export const SHOWN_FIELDS = 9;

/** Some frames of a part of a capture: plain data. */
export interface FramesOfPart {
  /** Their bytes, one after the other; the buffer may be longer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number in the part, place in `bytes`, lengths, link type, time, flow in the part, flags of the TCP header or 0. */
  readonly fields: Float64Array<ArrayBuffer>;
}

/** A part of a capture, read without the parts before it: plain data. */
export interface CapturePart {
  readonly bytes: number;
  readonly frames: number;
  readonly ledger: LedgerPart;
  /** Frames that the visitor of the whole capture must see. */
  readonly shown: FramesOfPart;
}

/**
 * Read a part of a capture by itself. Null where that is not the same as reading it after the parts before it: it is not made of whole
 * records, it changes how frames are read, or what a frame is depends on earlier ones (fragments, WireGuard messages without port).
 * @param head bytes of the file before its first frame
 * @param isShown whether the visitor of the whole capture must see a frame
 */
export async function readPart(
  head: Uint8Array,
  part: AsyncIterable<Uint8Array>,
  isShown: typeof EncryptedFlows.concerns,
): Promise<CapturePart | null> {
  const shown = new ShownFrames();
  let flow = -1;
  let flags = 0;
  const accountant = new Accountant({}, new EspSequences(), (frame: DissectedFrame) => {
    if (!isShown(frame)) return;
    flow = frame.flow;
    flags = frame.tcpFlags ?? 0;
  });
  const parser = new CaptureParser('part', (raw) => {
    flow = -1;
    accountant.add(raw);
    if (flow >= 0) shown.add(raw, flow, flags);
  });
  parser.push(head);
  const { headers } = parser;
  let bytes = 0;
  try {
    for await (const chunk of part) {
      parser.push(chunk);
      bytes += chunk.length;
      if (accountant.dependsOnEarlier || parser.headers !== headers) return null;
    }
  } catch (error) {
    // Whoever reads the whole capture meets the same error, and knows its place.
    if (error instanceof CaptureFormatError || error instanceof RangeError) return null;
    throw error;
  }
  return parser.atBorder ? { bytes, frames: parser.frames, ledger: accountant.part(), shown: shown.end() } : null;
}

/** Copies of frames. */
class ShownFrames {
  #bytes = new Uint8Array(65_536);
  #length = 0;
  readonly #fields: number[] = [];

  add({ buffer, number, start, caplen, len, linkType, seconds, nanoseconds }: RawFrame, flow: number, flags: number): void {
    if (this.#length + caplen > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length + caplen, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(buffer.subarray(start, start + caplen), this.#length);
    this.#fields.push(number, this.#length, caplen, len, linkType, seconds, nanoseconds, flow, flags);
    this.#length += caplen;
  }

  end(): FramesOfPart {
    return { bytes: this.#bytes, fields: Float64Array.from(this.#fields) };
  }
}
