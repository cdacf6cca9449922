import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { FrameClass } from '../../model/ledger.ts';
import { type CanaryForm, type Needle, needlesOf } from './canary-forms.ts';
import { Directions } from './directions.ts';
import { NeedleIndex } from './needle-index.ts';
import { SegmentBorders } from './segment-borders.ts';

/** A canary that was readable in a frame. */
export interface CanaryHit {
  /** The canary, as it was given. */
  readonly canary: string;
  readonly form: CanaryForm;
  /** Position of the frame in the capture, from 1. For a split canary the later of the two frames. */
  readonly frameNumber: number;
  readonly class: FrameClass;
  /** Seconds since 1970 UTC. */
  readonly seconds: number;
  /** It was split over consecutive TCP segments. */
  readonly split: boolean;
  readonly flow: {
    readonly src: string | null;
    readonly dst: string | null;
    readonly protocol: string | null;
    readonly sport: number | null;
    readonly dport: number | null;
    readonly layers: string;
  };
}

/** Every form of these canaries. @param canaries each 32 hex digits. @throws RangeError for anything else. */
export function canaryIndex(canaries: Iterable<string>): NeedleIndex {
  return new NeedleIndex([...new Set(canaries)].flatMap(needlesOf));
}

/** A form of a canary that is readable in a frame. */
export interface FoundCanary {
  readonly needle: Needle;
  /** It was split over consecutive TCP segments, of which the frame is the later one. */
  readonly split: boolean;
}

/**
 * Looks for canaries in every byte of every frame, whatever its class: raw, as hex, base64 and UTF-16, and over the border of
 * TCP segments. Each canary and form is found once in a frame. Not seen: a canary split over IP fragments, compressed, or in mixed-case hex.
 */
export class CanarySearch {
  /** What {@link visit} found. */
  readonly hits: CanaryHit[] = [];
  readonly #index: NeedleIndex;
  readonly #borders: SegmentBorders;
  readonly #directions = new Directions();
  readonly #found: FoundCanary[] = [];

  /** @param index what {@link canaryIndex} made of the canaries; searches may share it */
  constructor(index: NeedleIndex) {
    this.#index = index;
    this.#borders = new SegmentBorders(Math.max(0, index.longest - 1));
  }

  /** Examine a frame. The result is valid until the next one. */
  find(frame: DissectedFrame): readonly FoundCanary[] {
    if (this.#found.length > 0) this.#found.length = 0;
    this.#index.search(frame.buffer, frame.start, frame.start + frame.caplen, this.#whole);
    if (frame.tcpSequence !== null && !frame.laterFragment && frame.payloadLength > 0)
      this.#borders.join(this.#directions.of(frame), frame.tcpSequence, frame.payload, this.#across);
    return this.#found;
  }

  /** Examine a frame and keep what is found; give it to `examineCapture` as the visitor. */
  readonly visit = (frame: DissectedFrame): void => {
    for (const { needle, split } of this.find(frame)) this.hits.push(hitOf(frame, needle, split));
  };

  readonly #whole = (needle: Needle): void => this.#note(needle, false);

  readonly #across = (joint: Uint8Array, border: number): void =>
    this.#index.search(joint, 0, joint.length, (needle, at) => {
      if (at < border && at + needle.bytes.length > border) this.#note(needle, true);
    });

  #note(needle: Needle, split: boolean): void {
    for (const known of this.#found) if (known.needle.canary === needle.canary && known.needle.form === needle.form) return;
    this.#found.push({ needle, split });
  }
}

function hitOf(frame: DissectedFrame, { canary, form }: Needle, split: boolean): CanaryHit {
  const { number, seconds, src, dst, protocol, sport, dport, layers } = frame;
  return { canary, form, frameNumber: number, class: frame.class, seconds, split, flow: { src, dst, protocol, sport, dport, layers } };
}
