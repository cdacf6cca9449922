/** Sequence numbers in a page of the set. */
const PAGE_NUMBERS = 1024;
/** Pages kept for one SA: the last 262,144 numbers or more; a repetition older than that is not noticed. */
export const MAX_SEQUENCE_PAGES = 256;

/** Which 32 bit sequence numbers of an SA were seen, in bounded memory (at most 32 KiB). */
export class SequenceSet {
  readonly #pages = new Map<number, Uint32Array>();
  #page: Uint32Array | undefined;
  #pageNumber = -1;

  /** Note a number. True when it had been seen before. */
  repeat(sequence: number): boolean {
    const number = Math.floor(sequence / PAGE_NUMBERS);
    if (number !== this.#pageNumber || this.#page === undefined) this.#turnTo(number);
    const page = this.#page!;
    const word = (sequence % PAGE_NUMBERS) >>> 5;
    const bit = 1 << (sequence & 31);
    if ((page[word]! & bit) !== 0) return true;
    page[word]! |= bit;
    return false;
  }

  #turnTo(number: number): void {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = new Uint32Array(PAGE_NUMBERS / 32);
      if (this.#pages.size >= MAX_SEQUENCE_PAGES) {
        for (const oldest of this.#pages.keys()) {
          this.#pages.delete(oldest);
          break;
        }
      }
      this.#pages.set(number, page);
    }
    this.#page = page;
    this.#pageNumber = number;
  }
}
