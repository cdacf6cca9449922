import type { Needle } from './canary-forms.ts';

/** Places of the table of words, as a power of two: about 32 for each word, so that few words of other content are compared. */
const LEAST_BITS = 16;
const MOST_BITS = 23;
/** Words of all needles that are stored, where there are not more needles: with more words, fewer bytes are looked at, and more memory is used. */
const MOST_WORDS = 2 ** 18;
const FACTOR = 0x9e3779b1;

/**
 * Finds many byte strings of at least four bytes in one pass. Looks at one word of four bytes in every `step` bytes: wherever a needle
 * stands, exactly one of its first `step` words is looked at (Wu and Manber, 1994).
 */
export class NeedleIndex {
  /** Length of the longest needle. */
  readonly longest: number;
  readonly #needles: readonly Needle[];
  readonly #step: number;
  readonly #shift: number;
  /** One bit for each place of the table: some needle has a word of this place. */
  readonly #present: Int32Array;
  /** The words of all needles, numbered by needle and offset: the last number of each word, and the one before each number, -1 for none. */
  readonly #last = new Map<number, number>();
  readonly #before: Int32Array;

  constructor(needles: readonly Needle[]) {
    this.#needles = needles;
    this.longest = needles.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    const room = Math.max(1, Math.floor(MOST_WORDS / Math.max(1, needles.length)));
    this.#step = needles.reduce((least, { bytes }) => Math.min(least, bytes.length - 3), room);
    const words = needles.length * this.#step;
    const bits = Math.min(MOST_BITS, Math.max(LEAST_BITS, Math.ceil(Math.log2(words + 1)) + 5));
    this.#shift = 32 - bits;
    this.#present = new Int32Array(1 << (bits - 5));
    this.#before = new Int32Array(words);
    for (let number = 0; number < words; number++) {
      const word = wordAt(needles[Math.floor(number / this.#step)]!.bytes, number % this.#step);
      const place = Math.imul(word, FACTOR) >>> this.#shift;
      this.#present[place >>> 5]! |= 1 << (place & 31);
      this.#before[number] = this.#last.get(word) ?? -1;
      this.#last.set(word, number);
    }
  }

  /** Report every needle that is complete in `bytes[from … to)`, with the place of its first byte, in the order of the places. */
  search(bytes: Uint8Array, from: number, to: number, found: (needle: Needle, at: number) => void): void {
    const present = this.#present;
    const shift = this.#shift;
    const step = this.#step;
    for (let at = from; at + 4 <= to; at += step) {
      const word = wordAt(bytes, at);
      const place = Math.imul(word, FACTOR) >>> shift;
      if ((present[place >>> 5]! & (1 << (place & 31))) === 0) continue;
      for (const [begin, needle] of this.#complete(word, bytes, from, at, to)) found(needle, begin);
    }
  }

  /** The needles that have this word, which stands at `at`, and are complete. */
  #complete(word: number, bytes: Uint8Array, from: number, at: number, to: number): (readonly [at: number, needle: Needle])[] {
    const complete: (readonly [number, Needle])[] = [];
    for (let number = this.#last.get(word) ?? -1; number >= 0; number = this.#before[number]!) {
      const needle = this.#needles[Math.floor(number / this.#step)]!;
      const begin = at - (number % this.#step);
      if (begin >= from && matches(bytes, begin, to, needle.bytes)) complete.push([begin, needle]);
    }
    // Those of one place stay in the order of the list.
    return complete.reverse().sort(([a], [b]) => a - b);
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

function matches(bytes: Uint8Array, at: number, to: number, needle: Uint8Array): boolean {
  if (at + needle.length > to) return false;
  for (let i = 0; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false;
  return true;
}
