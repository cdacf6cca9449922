import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_SEQUENCE_PAGES, SequenceSet } from './sequence-set.ts';

/** The same promise in plain words: pages of 1024 numbers, the page that came first forgotten first. */
class PlainSet {
  readonly #pages = new Map<number, Set<number>>();

  repeat(sequence: number): boolean {
    const number = Math.floor(sequence / 1024);
    let page = this.#pages.get(number);
    if (page === undefined) {
      if (this.#pages.size >= MAX_SEQUENCE_PAGES) this.#pages.delete([...this.#pages.keys()][0]!);
      page = new Set();
      this.#pages.set(number, page);
    }
    const before = page.has(sequence);
    page.add(sequence);
    return before;
  }
}

test('says the same as a plain set of pages, whatever comes', () => {
  const near = fc.integer({ min: 0, max: 3000 });
  const pages = fc.integer({ min: 0, max: 700 }).map((page) => page * 1024 + 5);
  const any = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(fc.array(fc.oneof(near, pages, any), { minLength: 1, maxLength: 1500, size: 'max' }), (sequences) => {
      const [set, plain] = [new SequenceSet(), new PlainSet()];
      for (const sequence of sequences) expect(set.repeat(sequence)).toBe(plain.repeat(sequence));
    }),
    { numRuns: 60 },
  );
});

test('remembers the last 262,144 numbers and forgets older ones', () => {
  const set = new SequenceSet();
  const count = 262_144;
  const base = 0xffff_ffff - 2 * count + 1;
  let repeats = 0;
  for (let i = 0; i < count; i++) if (set.repeat(base + i)) repeats++;
  expect(repeats).toBe(0);
  for (let i = 0; i < count; i++) if (set.repeat(base + i)) repeats++;
  expect(repeats).toBe(count);
  for (let i = 0; i < count; i++) if (set.repeat(base + count + i)) repeats++;
  expect(repeats).toBe(count);
  expect(set.repeat(base)).toBe(false);
  expect(set.repeat(0xffff_ffff)).toBe(true);
});
