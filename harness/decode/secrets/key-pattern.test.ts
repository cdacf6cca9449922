import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keyPattern } from './key-pattern.ts';

const key = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

describe('a key that anybody guesses', () => {
  test.each([
    ['all-zero', '00'.repeat(20)],
    ['all-zero', `${'00'.repeat(16)}9f3c11d2`],
    ['all-zero', '00'.repeat(36)],
    ['repeated', '41'.repeat(20)],
    ['repeated', '0123456789abcdef0123456789abcdef'],
    ['repeated', `${'deadbeef'.repeat(8)}9f3c11d2`],
    ['counting', '000102030405060708090a0b0c0d0e0f10111213'],
    ['counting', 'fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0'],
    ['published', '44434241343332312423222114131211f4f3f2f1'],
    ['published', '4443424134333231242322211413121100112233'],
    ['none', '4c80cdefbb5d10da906ac73c3613a6342e443b68'],
    ['none', ''],
    ['none', '0000'],
  ])('%s: %s', (pattern, hex) => expect(keyPattern(key(hex))).toBe(pattern));
});

test('a random key has no pattern, and what repeats a part is never called `none`', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 36 }), (part) => {
      expect(keyPattern(Uint8Array.from([...part, ...part]))).not.toBe('none');
    }),
  );
  for (const bytes of [16, 20, 32, 36, 64]) for (let n = 0; n < 50; n++) expect(keyPattern(randomBytes(bytes))).toBe('none');
});
