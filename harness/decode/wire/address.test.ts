import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { formatAddress } from './address.ts';

/** Few different words, so that many addresses are asked for again, and many others have the place of an earlier one. */
const WORD = fc.oneof(fc.constantFrom(0, 1, 0x0a00_0001, 0xffff_ffff, 0xfd00_0000), fc.integer({ min: 0, max: 4095 }));
const WORDS = fc.tuple(WORD, WORD, WORD, WORD);

function textOf(family: 4 | 6, words: readonly number[]): string {
  const bytes = words.slice(0, family === 4 ? 1 : 4).flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
  const address = ipaddr.fromByteArray(bytes);
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

test.each([4, 6] as const)('IPv%i addresses have the same text, the first time and later', (family) => {
  fc.assert(
    fc.property(fc.array(WORDS, { minLength: 50, maxLength: 300 }), (addresses) => {
      for (const words of [...addresses, ...addresses])
        expect(formatAddress(family, Uint32Array.from([7, ...words]), 1)).toBe(textOf(family, words));
    }),
    { numRuns: 20 },
  );
});
