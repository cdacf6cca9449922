/** Sequence numbers in a page of the set. */
const PAGE_NUMBERS = 1024;
const PAGE_WORDS = PAGE_NUMBERS / 32;
/** Pages kept for one SA: the last 262,144 numbers or more; an older repetition is not detected. */
export const MAX_SEQUENCE_PAGES = 256;

/**
 * Which 32 bit sequence numbers of an SA were seen, in bounded memory (at most 34 KiB). Pages are in one array, which grows to the limit
 * and is then reused, the oldest page first, without new allocations. A page is found through chains by the low bits of its number.
 */
export class SequenceSet {
  #capacity = 4;
  #used = 0;
  #oldest = 0;
  #bits = new Int32Array(4 * PAGE_WORDS);
  /** Number of the page in each place. */
  #numbers = new Int32Array(4);
  /** First place of each chain, and the next place of each place; -1 ends a chain. */
  #heads = new Int16Array(4).fill(-1);
  #next = new Int16Array(4);
  /** Offset of the bits of the last used page. */
  #base = 0;
  #pageNumber = -1;

  /** Note a number. True if it was seen before. */
  repeat(sequence: number): boolean {
    const number = sequence >>> 10;
    if (number !== this.#pageNumber) this.#turnTo(number);
    const word = this.#base + ((sequence >>> 5) & (PAGE_WORDS - 1));
    const bit = 1 << (sequence & 31);
    const bits = this.#bits;
    const before = bits[word]!;
    if ((before & bit) !== 0) return true;
    bits[word] = before | bit;
    return false;
  }

  #turnTo(number: number): void {
    let place = this.#heads[number & (this.#capacity - 1)]!;
    while (place >= 0 && this.#numbers[place] !== number) place = this.#next[place]!;
    if (place < 0) place = this.#add(number);
    this.#base = place * PAGE_WORDS;
    this.#pageNumber = number;
  }

  #add(number: number): number {
    if (this.#used === this.#capacity && this.#capacity < MAX_SEQUENCE_PAGES) this.#grow();
    const place = this.#used < this.#capacity ? this.#used++ : this.#recycle();
    this.#numbers[place] = number;
    this.#link(place);
    return place;
  }

  #link(place: number): void {
    const chain = this.#numbers[place]! & (this.#capacity - 1);
    this.#next[place] = this.#heads[chain]!;
    this.#heads[chain] = place;
  }

  /** Clear the oldest page and reuse its place. */
  #recycle(): number {
    const place = this.#oldest;
    this.#oldest = (place + 1) & (this.#capacity - 1);
    const chain = this.#numbers[place]! & (this.#capacity - 1);
    let at = this.#heads[chain]!;
    if (at === place) this.#heads[chain] = this.#next[place]!;
    else {
      while (this.#next[at] !== place) at = this.#next[at]!;
      this.#next[at] = this.#next[place]!;
    }
    const bits = this.#bits;
    for (let word = place * PAGE_WORDS; word < (place + 1) * PAGE_WORDS; word++) bits[word] = 0;
    return place;
  }

  #grow(): void {
    this.#capacity *= 2;
    const bits = new Int32Array(this.#capacity * PAGE_WORDS);
    const numbers = new Int32Array(this.#capacity);
    bits.set(this.#bits);
    numbers.set(this.#numbers);
    this.#bits = bits;
    this.#numbers = numbers;
    this.#heads = new Int16Array(this.#capacity).fill(-1);
    this.#next = new Int16Array(this.#capacity);
    for (let place = 0; place < this.#used; place++) this.#link(place);
  }
}
