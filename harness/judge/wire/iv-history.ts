import { u32 } from '../../decode/wire/bytes.ts';
import { WordMap } from '../ledger/word-map.ts';

/** What is known of the vectors of one SA. */
interface VectorRule {
  /** A vector by the rule is this number, its low half XORed with the sequence number. */
  readonly high: number;
  readonly low: number;
  /** Some frame of the SA does not follow the rule. */
  broken: boolean;
}

/**
 * Which 64 bit initialisation vectors each SA has used, and with which sequence number. Linux makes the vector of an AEAD from the sequence
 * number (crypto/seqiv.c): vectors that follow this rule differ as their sequence numbers do, and need not be stored.
 */
export class IvHistory {
  readonly #isNoted: (association: number, sequence: number) => boolean;
  readonly #rules: VectorRule[] = [];
  /** The sequence number that first had a vector outside the rule, by SA and vector. */
  readonly #others = new WordMap(3);
  /** The sequence numbers whose frames do not follow the rule, by SA. */
  readonly #breaking = new WordMap(2);

  /**
   * @param isNoted whether a frame with this sequence number was noted; each sequence number is noted once
   */
  constructor(isNoted: (association: number, sequence: number) => boolean) {
    this.#isNoted = isNoted;
  }

  /** Note the vector of a frame at `at`, -1 for a frame without one. Returns the sequence number that had it before, or -1. */
  note(association: number, sequence: number, bytes: Uint8Array, at: number): number {
    const high = at < 0 ? 0 : u32(bytes, at);
    const low = at < 0 ? 0 : u32(bytes, at + 4);
    let rule = this.#rules[association];
    if (rule === undefined) {
      rule = { high, low: (low ^ sequence) >>> 0, broken: at < 0 };
      this.#rules[association] = rule;
    }
    const follows = at >= 0 && high === rule.high && (low ^ sequence) >>> 0 === rule.low;
    if (follows && !rule.broken) return -1;
    rule.broken = true;
    if (!follows) this.#break(association, sequence);
    if (at < 0) return -1;
    const first = this.#firstOther(association, high, low);
    if (first >= 0 || follows) return first;
    const owner = (low ^ rule.low) >>> 0;
    if (high === rule.high && this.#isNoted(association, owner) && !this.#breaks(association, owner)) return owner;
    this.#others.set(sequence);
    return -1;
  }

  #firstOther(association: number, high: number, low: number): number {
    const { key } = this.#others;
    key[0] = association;
    key[1] = high;
    key[2] = low;
    return this.#others.get();
  }

  #break(association: number, sequence: number): void {
    this.#breaks(association, sequence);
    this.#breaking.set(1);
  }

  #breaks(association: number, sequence: number): boolean {
    const { key } = this.#breaking;
    key[0] = association;
    key[1] = sequence;
    return this.#breaking.get() >= 0;
  }
}
