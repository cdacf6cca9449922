import type { EncryptedFlows } from '../../decode/tls/encrypted-flows.ts';
import { CaptureParser } from '../../decode/wire/capture.ts';
import { CaptureFormatError } from '../../decode/wire/format-error.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import { Accountant, type LedgerPart } from './accountant.ts';
import { EspSequences } from './esp-accounts.ts';

/** Numbers for each frame of {@link CapturePart.shown}. */
export const SHOWN_FIELDS = 9;

/** A part of a capture, read without the parts before it: plain data. */
export interface CapturePart {
  readonly bytes: number;
  readonly frames: number;
  readonly ledger: LedgerPart;
  /**
   * Frames that the visitor of the whole capture must see: number in the part, place in its bytes, lengths, link type, time, flow in the part,
   * flags of the TCP header or 0.
   */
  readonly shown: Float64Array<ArrayBuffer>;
}

/**
 * Read a part of a capture by itself. Null where that is not the same as reading it after the parts before it: it is not made of whole
 * records, it changes how frames are read, or what a frame is depends on earlier ones (fragments, WireGuard messages without port).
 * @param head bytes of the file before its first frame
 * @param part its memory
 * @param filled how many bytes of the memory are filled, more each time: what was just filled is still in the processor's cache
 * @param isShown whether the visitor of the whole capture must see a frame
 */
export function readPart(
  head: Uint8Array,
  part: Uint8Array,
  filled: Iterable<number>,
  isShown: typeof EncryptedFlows.concerns,
): CapturePart | null {
  const shown = new ShownFrames();
  let flow = -1;
  let flags = 0;
  const accountant = new Accountant({}, new EspSequences(), (frame) => {
    if (!isShown(frame)) return;
    flow = frame.flow;
    flags = frame.tcpFlags ?? 0;
  });
  const parser = new CaptureParser('part', (raw) => {
    // Then the part is of no use, and its other frames are only counted off.
    if (accountant.dependsOnEarlier) return;
    flow = -1;
    accountant.add(raw);
    if (flow >= 0) shown.add(raw, flow, flags);
  });
  parser.push(head);
  const { headers } = parser;
  let at = 0;
  let bytes = 0;
  try {
    for (bytes of filled) at = parser.pushWhole(part, at, bytes);
  } catch (error) {
    // Whoever reads the whole capture meets the same error, and knows its place.
    if (error instanceof CaptureFormatError || error instanceof RangeError) return null;
    throw error;
  }
  if (accountant.dependsOnEarlier || parser.headers !== headers || at < bytes || !parser.atBorder) return null;
  return { bytes, frames: parser.frames, ledger: accountant.part(), shown: shown.end() };
}

class ShownFrames {
  #fields = new Float64Array(SHOWN_FIELDS * 256);
  #filled = 0;

  add({ number, start, caplen, len, linkType, seconds, nanoseconds }: RawFrame, flow: number, flags: number): void {
    if (this.#filled === this.#fields.length) {
      const larger = new Float64Array(2 * this.#fields.length);
      larger.set(this.#fields);
      this.#fields = larger;
    }
    const fields = this.#fields;
    const at = this.#filled;
    fields[at] = number;
    fields[at + 1] = start;
    fields[at + 2] = caplen;
    fields[at + 3] = len;
    fields[at + 4] = linkType;
    fields[at + 5] = seconds;
    fields[at + 6] = nanoseconds;
    fields[at + 7] = flow;
    fields[at + 8] = flags;
    this.#filled += SHOWN_FIELDS;
  }

  end(): Float64Array<ArrayBuffer> {
    return this.#fields.slice(0, this.#filled);
  }
}
