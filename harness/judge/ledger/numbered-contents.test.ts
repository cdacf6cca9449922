import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NumberedContents } from './numbered-contents.ts';

test('each digest is found under its session and number, and no other', () => {
  const number = fc.record({
    session: fc.constantFrom(0, 1, 64, 65),
    high: fc.constantFrom(0, 1),
    low: fc.oneof(fc.nat(100), fc.integer({ min: 2 ** 32 - 40, max: 2 ** 32 - 1 }), fc.nat(2 ** 31 - 1)),
  });
  fc.assert(
    fc.property(fc.array(number, { maxLength: 300 }), (numbers) => {
      const contents = new NumberedContents();
      const expected = new Map<string, number>();
      for (const [digest, { session, high, low }] of numbers.entries()) {
        const key = `${session} ${high} ${low}`;
        expect(contents.get(session, high, low)).toBe(expected.get(key) ?? -1);
        if (expected.has(key)) continue;
        contents.set(session, high, low, digest);
        expected.set(key, digest);
      }
      expect(contents.size).toBe(expected.size);
    }),
  );
});
