import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { CanarySearch } from '../ledger/canary.ts';
import type { NeedleIndex } from '../ledger/needle-index.ts';
import type { CanarySighting } from './capture-facts.ts';
import type { EdgeTest } from './edge.ts';
import type { CopyTest } from './inbound-copy.ts';

type Draft = { -readonly [K in keyof CanarySighting]: CanarySighting[K] };

const NONE: readonly string[] = [];

/** Searches each frame for the canaries of a phase and sums what it finds. */
export class CanaryWatch {
  readonly #search: CanarySearch;
  readonly #flows: ReadonlyMap<string, readonly string[]>;
  readonly #isInboundCopy: CopyTest;
  readonly #isAtEdge: EdgeTest;
  readonly #sightings = new Map<string, Draft>();

  /**
   * @param flows canary to the ids of the flows that carry it
   * @param needles of these canaries
   */
  constructor(flows: ReadonlyMap<string, readonly string[]>, needles: NeedleIndex, isInboundCopy: CopyTest, isAtEdge: EdgeTest) {
    this.#flows = flows;
    this.#search = new CanarySearch(needles);
    this.#isInboundCopy = isInboundCopy;
    this.#isAtEdge = isAtEdge;
  }

  /** Ids of the flows whose canary the frame carries. */
  note(frame: DissectedFrame): readonly string[] {
    const { hits } = this.#search;
    this.#search.visit(frame);
    if (hits.length === 0) return NONE;
    const carried = new Set<string>();
    const src = frame.src ?? 'no IP';
    const dst = frame.dst ?? 'no IP';
    const outerSrc = frame.outerSrc ?? src;
    const outerDst = frame.outerDst ?? dst;
    const inboundCopy = this.#isInboundCopy({ outerSrc, outerDst, src, dst });
    const atEdge = this.#isAtEdge(outerSrc, outerDst);
    for (const { canary, form, split } of hits) {
      const flows = this.#flows.get(canary) ?? [];
      for (const id of flows) carried.add(id);
      const key = `${canary} ${form} ${split} ${frame.class} ${inboundCopy} ${atEdge}`;
      const known = this.#sightings.get(key);
      if (known !== undefined) known.frames++;
      else
        this.#sightings.set(key, {
          canary,
          flows,
          form: split ? `${form}, split over segments` : form,
          class: frame.class,
          frames: 1,
          firstFrame: frame.number,
          src,
          dst,
          outerSrc,
          outerDst,
          layers: frame.layers,
          inboundCopy,
          atEdge,
        });
    }
    // The search keeps every hit; hits that are counted here need not stay in memory.
    hits.length = 0;
    return [...carried];
  }

  sightings(): readonly CanarySighting[] {
    return [...this.#sightings.values()];
  }
}
