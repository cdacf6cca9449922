import { rangeOf } from './networks.ts';

/**
 * Values by the range of addresses that each is for. Finds those whose range covers an address without comparing it with each of them, so
 * that the work for one node of a cluster grows with the number of its nodes and not with their product.
 */
export class RangeIndex<T> {
  /** By number of bits, the longest first, then by the text of the masked address. */
  readonly #byBits = new Map<number, Map<string, T[]>>();
  #bits: readonly number[] = [];
  /** For `all` and `default`, which cover everything. */
  readonly #any: T[] = [];

  constructor(entries: Iterable<readonly [range: string, value: T]> = []) {
    for (const [range, value] of entries) this.add(range, value);
  }

  /** A text that is neither an address nor a range covers nothing. */
  add(text: string, value: T): void {
    if (text === 'all' || text === 'default') {
      this.#any.push(value);
      return;
    }
    const range = rangeOf(text);
    if (range === null) return;
    const [address, bits] = range;
    const own = this.#byBits.get(bits) ?? new Map<string, T[]>();
    if (own.size === 0) {
      this.#byBits.set(bits, own);
      this.#bits = [...this.#byBits.keys()].sort((a, b) => b - a);
    }
    const key = masked(address.toByteArray(), bits);
    const values = own.get(key);
    if (values === undefined) own.set(key, [value]);
    else values.push(value);
  }

  /** Values whose range covers every address of `text`: the longest ranges first, and of one range in the order in which they were added. */
  covering(text: string): readonly T[] {
    const range = rangeOf(text);
    if (range === null) return this.#any;
    const bytes = range[0].toByteArray();
    const found: T[] = [];
    for (const bits of this.#bits) {
      if (bits > range[1]) continue;
      const values = this.#byBits.get(bits)?.get(masked(bytes, bits));
      if (values !== undefined) found.push(...values);
    }
    return found.concat(this.#any);
  }
}

/** Pairs of the numbers of ranges that share an address, in order. */
export function overlappingPairs(ranges: readonly string[]): readonly (readonly [number, number])[] {
  const index = new RangeIndex(ranges.map((range, number) => [range, number] as const));
  const pairs = new Map<string, readonly [number, number]>();
  for (const [a, range] of ranges.entries())
    for (const b of index.covering(range)) if (a !== b) pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)]);
  return [...pairs.values()].sort(([a, b], [c, d]) => a - c || b - d);
}

/** The first bits of an address; of another family it is another text, because it has another number of bytes. */
function masked(bytes: readonly number[], bits: number): string {
  return bytes.map((byte, at) => byte & (0xff00 >> Math.min(8, Math.max(0, bits - 8 * at))) & 0xff).join('.');
}
