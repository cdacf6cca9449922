import { WordTable } from './word-table.ts';

/** Numbers of one page. */
const PAGE = 16;
/** Sessions whose last page is remembered. */
const RECENT = 64;

/**
 * The digest of a content by session and number, for numbers that mostly come one after the other: 16 of them stand in one page, and the
 * last page of a session is found without a search.
 */
export class NumberedContents {
  /** Digests that are stored. */
  size = 0;
  /** Session, and the high and low bits of a page's number. */
  readonly #pages = new WordTable(3);
  #digests = new Uint32Array(PAGE * 64);
  /** One bit for each number of a page that has a digest. */
  #present = new Uint16Array(64);
  /** The last page of some sessions, with its key. */
  readonly #recent = new Int32Array(RECENT).fill(-1);

  /** The digest of a number, unsigned; -1 when it has none. @param high bits of the number from 2^32 on */
  get(session: number, high: number, low: number): number {
    const page = this.#find(session, high, low);
    if (page < 0 || (this.#present[page]! & (1 << (low & (PAGE - 1)))) === 0) return -1;
    return this.#digests[page * PAGE + (low & (PAGE - 1))]!;
  }

  /** Store the digest of a number that has none. */
  set(session: number, high: number, low: number, digest: number): void {
    let page = this.#find(session, high, low);
    if (page < 0) {
      page = this.#pages.intern();
      if (page >= this.#present.length) this.#grow();
      this.#recent[session & (RECENT - 1)] = page;
    }
    this.#present[page]! |= 1 << (low & (PAGE - 1));
    this.#digests[page * PAGE + (low & (PAGE - 1))] = digest;
    this.size++;
  }

  /** The page of a number, or -1; the table has its key then. */
  #find(session: number, high: number, low: number): number {
    const pages = this.#pages;
    const number = low >>> 4;
    const last = this.#recent[session & (RECENT - 1)]!;
    if (last >= 0 && pages.word(last, 2) === number && pages.word(last, 0) === session && pages.word(last, 1) === high) return last;
    pages.key[0] = session;
    pages.key[1] = high;
    pages.key[2] = number;
    const page = pages.find();
    if (page >= 0) this.#recent[session & (RECENT - 1)] = page;
    return page;
  }

  #grow(): void {
    const digests = new Uint32Array(this.#digests.length * 2);
    const present = new Uint16Array(this.#present.length * 2);
    digests.set(this.#digests);
    present.set(this.#present);
    this.#digests = digests;
    this.#present = present;
  }
}
