import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { FrameClass } from '../../model/ledger.ts';
import { type CanaryForm, type Needle, needlesOf } from './canary-forms.ts';
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

/**
 * Looks for canaries in every byte of every frame, whatever its class: raw, as hex, base64 and UTF-16, and over the border of
 * TCP segments. One hit a frame, canary and form. Not seen: a canary split over IP fragments, compressed, or in mixed-case hex.
 */
export class CanarySearch {
  readonly hits: CanaryHit[] = [];
  readonly #index: NeedleIndex;
  readonly #borders: SegmentBorders;

  /** @param index what {@link canaryIndex} made of the canaries; searches may share it */
  constructor(index: NeedleIndex) {
    this.#index = index;
    this.#borders = new SegmentBorders(Math.max(0, index.longest - 1));
  }

  /** Examine a frame; give it to `examineCapture` as the visitor. */
  readonly visit = (frame: DissectedFrame): void => {
    this.#index.search(frame.buffer, frame.start, frame.start + frame.caplen, (needle) => this.#hit(needle, frame, false));
    if (frame.tcpSequence === null || frame.laterFragment || frame.payloadLength === 0) return;
    const flow = `${frame.outerSrc}>${frame.outerDst}|${frame.src}:${frame.sport}>${frame.dst}:${frame.dport}`;
    this.#borders.join(flow, frame.tcpSequence, frame.payload, (joint, border) => {
      this.#index.search(joint, 0, joint.length, (needle, at) => {
        if (at < border && at + needle.bytes.length > border) this.#hit(needle, frame, true);
      });
    });
  };

  #hit(needle: Needle, frame: DissectedFrame, split: boolean): void {
    for (let i = this.hits.length - 1; i >= 0; i--) {
      const hit = this.hits[i]!;
      if (hit.frameNumber !== frame.number) break;
      if (hit.canary === needle.canary && hit.form === needle.form) return;
    }
    this.hits.push({
      canary: needle.canary,
      form: needle.form,
      frameNumber: frame.number,
      class: frame.class,
      seconds: frame.seconds,
      split,
      flow: {
        src: frame.src,
        dst: frame.dst,
        protocol: frame.protocol,
        sport: frame.sport,
        dport: frame.dport,
        layers: frame.layers,
      },
    });
  }
}
