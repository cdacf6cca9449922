/**
 * Open-addressing hash table from keys of a fixed number of 32 bit words to dense indices 0, 1, 2 … in order of first sight.
 * Costs no allocation for a known key; grows with the number of different keys.
 */
export class WordTable {
  /** The key to look up is written here first. */
  readonly key: Uint32Array;
  size = 0;
  readonly #width: number;
  #keys: Uint32Array;
  #slots: Int32Array;
  #mask: number;

  constructor(width: number) {
    this.#width = width;
    this.key = new Uint32Array(width);
    this.#slots = new Int32Array(1024).fill(-1);
    this.#mask = 1023;
    this.#keys = new Uint32Array(width * 512);
  }

  /** Index of `key`; equal to the former `size` when it is new. */
  intern(): number {
    let slot = hash(this.key, 0, this.#width) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0) return this.#add(slot);
      if (this.#same(index)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** Index of `key`, or -1. */
  find(): number {
    let slot = hash(this.key, 0, this.#width) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0 || this.#same(index)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** All keys, in the order of their indices. */
  keys(): Uint32Array {
    return this.#keys.slice(0, this.size * this.#width);
  }

  /** Word `word` of the key at `index`. */
  word(index: number, word: number): number {
    return this.#keys[index * this.#width + word]!;
  }

  /** `count` words of the key at `index`, from `word` on. */
  words(index: number, word: number, count: number): Uint32Array {
    return this.#keys.slice(index * this.#width + word, index * this.#width + word + count);
  }

  #same(index: number): boolean {
    const width = this.#width;
    const base = index * width;
    const keys = this.#keys;
    const key = this.key;
    for (let i = 0; i < width; i++) if (keys[base + i] !== key[i]) return false;
    return true;
  }

  #add(slot: number): number {
    const index = this.size++;
    if (this.size * this.#width > this.#keys.length) {
      const larger = new Uint32Array(this.#keys.length * 2);
      larger.set(this.#keys);
      this.#keys = larger;
    }
    this.#keys.set(this.key, index * this.#width);
    this.#slots[slot] = index;
    if (this.size * 2 > this.#slots.length) this.#rehash();
    return index;
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    this.#mask = this.#slots.length - 1;
    for (let index = 0; index < this.size; index++) {
      let slot = hash(this.#keys, index * this.#width, this.#width) & this.#mask;
      while (this.#slots[slot]! >= 0) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index;
    }
  }
}

function hash(words: Uint32Array, from: number, count: number): number {
  let h = 0x9e3779b9;
  for (let i = from; i < from + count; i++) {
    h = Math.imul(h ^ words[i]!, 0x85ebca6b);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return (h ^ (h >>> 15)) >>> 0;
}
