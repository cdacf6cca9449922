import { CaptureParser } from '../../decode/wire/capture.ts';
import { emptyRawFrame } from '../../decode/wire/record.ts';
import type { Ledger } from '../../model/ledger.ts';
import { Accountant, type DissectedFrameVisitor } from './accountant.ts';
import { EspAccounts } from './esp-accounts.ts';
import { type CapturePart, SHOWN_FIELDS } from './read-part.ts';

/** What looks at some frames of a capture. */
export interface FlowWatch {
  readonly note: DissectedFrameVisitor;
  /** Whether a frame of this flow with these TCP flags (0 for none) need not be noted. */
  isSettled(flow: number, flags: number): boolean;
}

/**
 * The ledger of a capture whose parts come in their order: read elsewhere, or as bytes. It is the same in either case; of a part that was
 * read elsewhere the watch sees only the frames that concern it.
 */
export class JoinedLedger {
  readonly #accountant: Accountant<EspAccounts>;
  readonly #parser: CaptureParser;
  readonly #watch: FlowWatch;

  /** @param file name of the capture for messages */
  constructor(file: string, watch: FlowWatch) {
    this.#watch = watch;
    this.#accountant = new Accountant({}, new EspAccounts(), watch.note);
    this.#parser = new CaptureParser(file, this.#accountant.add);
  }

  /**
   * The next bytes.
   * @throws CaptureFormatError, and RangeError for more SAs than are counted
   */
  push(chunk: Uint8Array): void {
    this.#parser.push(chunk);
  }

  /**
   * The next part. False, and nothing is counted, where it does not begin with a record, or must be read after the parts before it: then its
   * bytes must be pushed.
   * @param content gives the bytes of the part; it is asked if frames of it must be noted
   * @throws RangeError for more SAs than are counted
   */
  take({ bytes, frames, ledger, shown }: CapturePart, content: () => Uint8Array): boolean {
    if (!this.#parser.atBorder) return false;
    const flows = this.#accountant.addPart(ledger);
    if (flows === null) return false;
    this.#show(shown, content, flows);
    this.#parser.leaveOut(bytes, frames);
    return true;
  }

  /** @throws CaptureFormatError when the file ended inside its header */
  end(): Ledger {
    return this.#accountant.ledger(this.#parser.end());
  }

  #show(fields: Float64Array, content: () => Uint8Array, flows: Int32Array): void {
    const raw = emptyRawFrame();
    for (let at = 0; at < fields.length; at += SHOWN_FIELDS) {
      const flow = flows[fields[at + 7]!]!;
      if (this.#watch.isSettled(flow, fields[at + 8]!)) continue;
      if (raw.buffer.length === 0) raw.buffer = content();
      raw.number = this.#parser.frames + fields[at]!;
      raw.start = fields[at + 1]!;
      raw.caplen = fields[at + 2]!;
      raw.len = fields[at + 3]!;
      raw.linkType = fields[at + 4]!;
      raw.seconds = fields[at + 5]!;
      raw.nanoseconds = fields[at + 6]!;
      this.#accountant.show(raw, flow);
    }
  }
}
