import { Dissector } from '../../decode/wire/dissect.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { FragmentTrain } from '../../decode/wire/fragment-train.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import { CLASS_NAMES } from '../../decode/wire/frame-class.ts';
import type { PathStep } from '../../decode/wire/layer.ts';
import type { DissectOptions } from '../../decode/wire/options.ts';
import type { RawFrame } from '../../decode/wire/record.ts';
import type { WireguardHistory } from '../../decode/wire/wireguard-sessions.ts';
import type { FrameClass, Ledger, Tally } from '../../model/ledger.ts';
import type { EspAccounts, EspSequences, SasOfPart } from './esp-accounts.ts';
import { FlowAccounts, type FlowsOfPart } from './flow-accounts.ts';
import { WireguardAccounts, type WireguardOfPart } from './wireguard-accounts.ts';

/** Receives each frame once, in capture order. The frame is reused; copy what you keep. */
export type DissectedFrameVisitor = (frame: DissectedFrame) => void;

/** What is noted of the sequence numbers of SAs. */
interface SequenceNotes {
  note(frame: Frame, flow: number): void;
}

/** The account of every frame of a part of a capture: plain data. */
export interface LedgerPart {
  /** By class code. */
  readonly frames: Float64Array;
  readonly wireBytes: Float64Array;
  readonly bytes: number;
  /** The layer paths of its flows. */
  readonly paths: readonly PathStep[];
  readonly flows: FlowsOfPart;
  readonly esp: SasOfPart;
  readonly wireguard: WireguardOfPart;
  readonly history: WireguardHistory;
}

/** Counts every frame of one capture; with {@link EspSequences} of a part of one. */
export class Accountant<Esp extends SequenceNotes> {
  readonly #dissector: Dissector;
  readonly #visit: DissectedFrameVisitor | undefined;
  readonly #esp: Esp;
  readonly #wireguard = new WireguardAccounts();
  readonly #flows = new FlowAccounts();
  readonly #frames = new Float64Array(CLASS_NAMES.length);
  readonly #wireBytes = new Float64Array(CLASS_NAMES.length);
  #bytes = 0;

  constructor(options: DissectOptions, esp: Esp, visit?: DissectedFrameVisitor) {
    this.#esp = esp;
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

  /** Whether what a frame is was decided by what came before it. */
  get dependsOnEarlier(): boolean {
    return this.#dissector.dependsOnEarlier;
  }

  /** The part of a capture that was read. */
  part(this: Accountant<EspSequences>): LedgerPart {
    return {
      ...{ frames: this.#frames, wireBytes: this.#wireBytes, bytes: this.#bytes },
      paths: this.#dissector.frame.paths.steps,
      flows: this.#flows.ofPart(),
      esp: this.#esp.ofPart(),
      wireguard: this.#wireguard.ofPart(),
      history: this.#dissector.sessions.history(),
    };
  }

  /**
   * Count the next part of the capture, which was read elsewhere. Returns the number here of each of its flows; null, and nothing is
   * counted, if the part must be read here.
   * @throws RangeError for more SAs than are counted
   */
  addPart(this: Accountant<EspAccounts>, part: LedgerPart): Int32Array | null {
    const paths = this.#dissector.frame.paths.numbersOf(part.paths);
    if (paths === null || !this.#dissector.sessions.follow(part.history)) return null;
    for (const [code, frames] of part.frames.entries()) {
      this.#frames[code]! += frames;
      this.#wireBytes[code]! += part.wireBytes[code]!;
    }
    this.#bytes += part.bytes;
    this.#esp.addPart(part.esp);
    this.#wireguard.addPart(part.wireguard);
    return this.#flows.addPart(part.flows, paths);
  }

  /**
   * Show the visitor a frame of a part that was counted.
   * @param flow its number here
   */
  show(raw: RawFrame, flow: number): void {
    const frame = this.#dissector.dissect(raw);
    frame.flow = flow;
    this.#visit?.(frame);
  }

  /** Fragments that came before their first one were counted as unknown; now their class is known. */
  #reassign(train: FragmentTrain, first: Frame, flow: number): void {
    const { frames, bytes, flow: from } = train.early;
    this.#frames[0]! -= frames;
    this.#wireBytes[0]! -= bytes;
    this.#frames[first.classCode]! += frames;
    this.#wireBytes[first.classCode]! += bytes;
    if (from >= 0 && flow >= 0) this.#flows.move(from, flow, frames, bytes);
  }

  ledger(this: Accountant<EspAccounts>, summary: { format: Ledger['format']; truncatedTail: boolean }): Ledger {
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
