import { CaptureParser } from '../../decode/wire/capture.ts';
import { Dissector } from '../../decode/wire/dissect.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { FragmentTrain } from '../../decode/wire/fragment-train.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import { CLASS_NAMES } from '../../decode/wire/frame-class.ts';
import { MirrorFilter } from '../../decode/wire/mirror.ts';
import type { DissectOptions } from '../../decode/wire/options.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import type { FrameClass, Ledger, Tally } from '../../model/ledger.ts';
import { EspAccounts } from './esp-accounts.ts';
import { FlowAccounts } from './flow-accounts.ts';
import { WireguardAccounts } from './wireguard-accounts.ts';

/** How to read a capture. */
export interface LedgerOptions extends DissectOptions {
  /** Name of the capture for messages; default `capture`. */
  readonly file?: string;
}

/** A ledger made without the second copy of each frame. */
export interface MirroredLedger {
  readonly ledger: Ledger;
  /** Number of copies left out: every frame came twice, as at a mirror port. 0 for any other capture. */
  readonly copies: number;
}

/** Receives each frame once, in capture order. The frame is reused; copy what you keep. */
export type DissectedFrameVisitor = (frame: DissectedFrame) => void;

/** Counts every frame of one capture. */
class Accountant {
  readonly #dissector: Dissector;
  readonly #visit: DissectedFrameVisitor | undefined;
  readonly #esp = new EspAccounts();
  readonly #wireguard = new WireguardAccounts();
  readonly #flows = new FlowAccounts();
  readonly #frames = new Float64Array(CLASS_NAMES.length);
  readonly #wireBytes = new Float64Array(CLASS_NAMES.length);
  #bytes = 0;

  constructor(options: DissectOptions, visit: DissectedFrameVisitor | undefined) {
    this.#dissector = new Dissector(options);
    this.#visit = visit;
  }

  readonly add = (raw: RawFrame): void => {
    const frame = this.#dissector.dissect(raw);
    this.#frames[frame.classCode]! += 1;
    this.#wireBytes[frame.classCode]! += raw.len;
    this.#bytes += raw.caplen;
    const flow = frame.family === 0 ? -1 : this.#flows.note(frame);
    frame.flow = flow;
    if (frame.espSpi >= 0) this.#esp.note(frame, flow);
    if (frame.messageType > 0) this.#wireguard.note(frame, flow);
    if (frame.waiting !== null) wait(frame.waiting, frame, flow);
    if (this.#dissector.resolved.length > 0) for (const train of this.#dissector.resolved) this.#reassign(train, frame, flow);
    if (this.#visit) this.#visit(frame);
  };

  /** Fragments that came before their first one were counted as unknown; now their class is known. */
  #reassign(train: FragmentTrain, first: Frame, flow: number): void {
    const { frames, bytes, flow: from } = train.early;
    this.#frames[0]! -= frames;
    this.#wireBytes[0]! -= bytes;
    this.#frames[first.classCode]! += frames;
    this.#wireBytes[first.classCode]! += bytes;
    if (from >= 0 && flow >= 0) this.#flows.move(from, flow, frames, bytes);
  }

  ledger(summary: { format: Ledger['format']; truncatedTail: boolean }): Ledger {
    const classes: Partial<Record<FrameClass, Tally>> = {};
    let frames = 0;
    let wireBytes = 0;
    CLASS_NAMES.forEach((name, code) => {
      if (this.#frames[code] === 0) return;
      classes[name] = { frames: this.#frames[code]!, bytes: this.#wireBytes[code]! };
      frames += this.#frames[code]!;
      wireBytes += this.#wireBytes[code]!;
    });
    return {
      format: summary.format,
      frames,
      bytes: this.#bytes,
      wireBytes,
      truncatedTail: summary.truncatedTail,
      classes,
      esp: this.#esp.accounts(),
      wireguard: this.#wireguard.accounts(),
      flows: this.#flows.accounts(this.#dissector.frame.paths),
    };
  }
}

function wait(train: FragmentTrain, frame: Frame, flow: number): void {
  train.early.frames++;
  train.early.bytes += frame.len;
  train.early.flow = flow;
}

/**
 * Read a capture once: every frame into the ledger and, if asked, past a visitor. An early fragment is shown to the visitor
 * as `unknown`; the ledger corrects its class when the first fragment comes.
 * @throws CaptureFormatError
 */
export async function examineCapture(
  source: AsyncIterable<Uint8Array>,
  options: LedgerOptions = {},
  onFrame?: DissectedFrameVisitor,
): Promise<Ledger> {
  const accountant = new Accountant(options, onFrame);
  const parser = new CaptureParser(options.file ?? 'capture', accountant.add);
  for await (const chunk of source) parser.push(chunk);
  return accountant.ledger(parser.end());
}

/**
 * As {@link examineCapture}, where the capture may come from a mirror port that shows each frame twice.
 * @throws CaptureFormatError
 */
export async function examineMirrored(
  source: AsyncIterable<Uint8Array>,
  options: LedgerOptions,
  onFrame: DissectedFrameVisitor,
): Promise<MirroredLedger> {
  const accountant = new Accountant(options, onFrame);
  const mirror = new MirrorFilter(accountant.add);
  const parser = new CaptureParser(options.file ?? 'capture', mirror.add);
  for await (const chunk of source) parser.push(chunk);
  const summary = parser.end();
  mirror.end();
  return { ledger: accountant.ledger(summary), copies: mirror.copies };
}

/**
 * The account of every frame of a capture.
 * @throws CaptureFormatError
 */
export function accountFor(source: AsyncIterable<Uint8Array>, options: LedgerOptions = {}): Promise<Ledger> {
  return examineCapture(source, options);
}
