import { u32 } from '../../decode/wire/bytes.ts';
import type { Needle } from './canary-forms.ts';

const TABLE_BITS = 16;

/** Finds many byte strings of at least four bytes in one pass, by their first four bytes. */
export class NeedleIndex {
  /** Length of the longest needle. */
  readonly longest: number;
  readonly #present = new Uint8Array(1 << TABLE_BITS);
  readonly #byPrefix = new Map<number, Needle[]>();

  constructor(needles: readonly Needle[]) {
    let longest = 0;
    for (const needle of needles) {
      const prefix = u32(needle.bytes, 0);
      this.#present[slot(prefix)] = 1;
      const list = this.#byPrefix.get(prefix);
      if (list) list.push(needle);
      else this.#byPrefix.set(prefix, [needle]);
      longest = Math.max(longest, needle.bytes.length);
    }
    this.longest = longest;
  }

  /** Report every needle that is complete in `bytes[from … to)`, with the place of its first byte. */
  search(bytes: Uint8Array, from: number, to: number, found: (needle: Needle, at: number) => void): void {
    if (to - from < 4) return;
    let window = (bytes[from]! << 16) | (bytes[from + 1]! << 8) | bytes[from + 2]!;
    const present = this.#present;
    for (let i = from + 3; i < to; i++) {
      window = (window << 8) | bytes[i]!;
      if (present[slot(window)] === 0) continue;
      const candidates = this.#byPrefix.get(window >>> 0);
      if (candidates) for (const needle of candidates) if (matches(bytes, i - 3, to, needle.bytes)) found(needle, i - 3);
    }
  }
}

function slot(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - TABLE_BITS);
}

function matches(bytes: Uint8Array, at: number, to: number, needle: Uint8Array): boolean {
  if (at + needle.length > to) return false;
  for (let i = 4; i < needle.length; i++) if (bytes[at + i] !== needle[i]) return false;
  return true;
}
