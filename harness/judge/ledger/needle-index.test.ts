import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Needle } from './canary-forms.ts';
import { NeedleIndex } from './needle-index.ts';

/** Few different bytes, so that needles stand in the text, overlap and share words. */
const bytes = (min: number, max: number) => fc.uint8Array({ minLength: min, maxLength: max, max: 1 });

test('every needle is reported once at each place where it is complete, in the order of the places', () => {
  fc.assert(
    fc.property(fc.array(bytes(4, 12), { maxLength: 4 }), bytes(0, 80), fc.nat(20), fc.nat(20), (contents, text, before, behind) => {
      const needles = contents.map((content, n): Needle => ({ canary: String(n), form: 'raw', bytes: content }));
      const [from, to] = [Math.min(before, text.length), Math.max(Math.min(before, text.length), text.length - behind)];
      const found: string[] = [];
      new NeedleIndex(needles).search(text, from, to, (needle, at) => found.push(`${needle.canary} at ${at}`));
      const expected: string[] = [];
      for (let at = from; at < to; at++)
        for (const needle of needles)
          if (at + needle.bytes.length <= to && needle.bytes.every((byte, i) => text[at + i] === byte))
            expected.push(`${needle.canary} at ${at}`);
      expect(found).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});
