import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyPattern } from '../decode/secrets/key-pattern.ts';
import { keyComparison } from './key-comparison.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

test('equal keys have equal names in every run with the same secret, and under no other', () => {
  fc.assert(
    fc.property(bytes(32), bytes(32), bytes(20), bytes(20), (secret, other, key, second) => {
      fc.pre(Buffer.compare(secret, other) !== 0 && Buffer.compare(key, second) !== 0);
      const name = keyComparison(secret).name(key, 'none');
      expect(name).toMatch(/^[0-9a-f]{32}$/);
      expect(keyComparison(Uint8Array.from(secret)).name(Uint8Array.from(key), 'none')).toBe(name);
      expect(keyComparison(secret).name(second, 'none')).not.toBe(name);
      expect(keyComparison(other).name(key, 'none')).not.toBe(name);
      expect(keyComparison(other).under).not.toBe(keyComparison(secret).under);
    }),
  );
});

test('a key that can be guessed has no name', () => {
  const comparison = keyComparison(new Uint8Array(32).fill(7));
  for (const key of [new Uint8Array(32), Uint8Array.from({ length: 20 }, (_, index) => index)])
    expect(comparison.name(key, keyPattern(key))).toBeUndefined();
  expect(comparison.name(Uint8Array.of(1, 9, 4, 7, 2, 200, 3, 5), 'none')).toBeUndefined();
});
