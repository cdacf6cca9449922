import { WordTable } from './word-table.ts';

/** One 32 bit word for each key of a fixed number of words. Costs no object for an entry. */
export class WordMap {
  readonly #table: WordTable;
  #values = new Uint32Array(512);

  constructor(width: number) {
    this.#table = new WordTable(width);
  }

  /** The key to look up is written here first. */
  get key(): Uint32Array {
    return this.#table.key;
  }

  get size(): number {
    return this.#table.size;
  }

  /** The value of `key`, unsigned; -1 when it has none. */
  get(): number {
    const index = this.#table.find();
    return index < 0 ? -1 : this.#values[index]!;
  }

  /** Store a value under `key`. */
  set(value: number): void {
    const index = this.#table.intern();
    if (index >= this.#values.length) {
      const values = new Uint32Array(this.#values.length * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[index] = value;
  }
}
