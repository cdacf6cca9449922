import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { CanarySearch } from '../ledger/canary.ts';
import type { Needle } from '../ledger/canary-forms.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';
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
  readonly #sightings: Draft[] = [];
  readonly #places = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();
  /** Numbers of the forms of canaries that were found. */
  readonly #needles = new Map<Needle, number>();
  /** Each list of flows once. */
  readonly #carried = new Map<string, readonly string[]>();

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

  /** Ids of the flows whose canary the frame carries: the same list for the same canaries. */
  note(frame: DissectedFrame): readonly string[] {
    const found = this.#search.find(frame);
    if (found.length === 0) return NONE;
    for (const { needle, split } of found) this.#sightings[this.#placeOf(frame, needle, split)]!.frames++;
    return this.#carriedBy(found.map(({ needle }) => needle.canary));
  }

  #carriedBy(canaries: readonly string[]): readonly string[] {
    const key = canaries.length === 1 ? canaries[0]! : canaries.join(' ');
    const known = this.#carried.get(key);
    if (known !== undefined) return known;
    const carried = [...new Set(canaries.flatMap((canary) => this.#flows.get(canary) ?? []))];
    this.#carried.set(key, carried);
    return carried;
  }

  #placeOf(frame: DissectedFrame, needle: Needle, split: boolean): number {
    const { flow } = frame;
    const number = this.#needles.get(needle) ?? this.#needles.size;
    this.#needles.set(needle, number);
    const word = 2 * number + (split ? 1 : 0);
    const known = flow < 0 ? -1 : this.#shortcut.find(flow, word);
    if (known >= 0) return known;
    const place = this.#open(frame, needle, split);
    if (flow >= 0) this.#shortcut.note(flow, word, place);
    return place;
  }

  #open(frame: DissectedFrame, { canary, form }: Needle, split: boolean): number {
    const src = frame.src ?? 'no IP';
    const dst = frame.dst ?? 'no IP';
    const outerSrc = frame.outerSrc ?? src;
    const outerDst = frame.outerDst ?? dst;
    const inboundCopy = this.#isInboundCopy({ outerSrc, outerDst, src, dst });
    const atEdge = this.#isAtEdge(outerSrc, outerDst);
    const key = `${canary} ${form} ${split} ${frame.class} ${inboundCopy} ${atEdge}`;
    const place = this.#places.get(key) ?? this.#sightings.length;
    if (place < this.#sightings.length) return place;
    this.#places.set(key, place);
    this.#sightings.push({
      canary,
      flows: this.#flows.get(canary) ?? [],
      form: split ? `${form}, split over segments` : form,
      class: frame.class,
      frames: 0,
      firstFrame: frame.number,
      src,
      dst,
      outerSrc,
      outerDst,
      layers: frame.layers,
      inboundCopy,
      atEdge,
    });
    return place;
  }

  sightings(): readonly CanarySighting[] {
    return this.#sightings;
  }
}
