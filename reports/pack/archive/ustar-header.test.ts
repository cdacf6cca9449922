import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathProblem } from './entry-path.ts';
import { MAX_FILE_BYTES, readUstarHeader, ustarHeader } from './ustar-header.ts';

const part = fc
  .string({ minLength: 1, maxLength: 60, unit: fc.constantFrom(...'abcXYZ019._-äß') })
  .filter((text) => text !== '.' && text !== '..');
const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));

test('what is written is read again, and one entry has one header', () => {
  fc.assert(
    fc.property(path, fc.nat(MAX_FILE_BYTES), fc.nat(2 ** 32), (name, size, mtime) => {
      let header: Buffer;
      try {
        header = ustarHeader({ path: name, size, mtime });
      } catch (error) {
        expect(Buffer.byteLength(name)).toBeGreaterThan(100);
        expect((error as Error).message).toContain(name);
        return;
      }
      expect(readUstarHeader(header)).toEqual({ path: name, size, mtime });
      expect(ustarHeader(readUstarHeader(header)).equals(header)).toBe(true);
    }),
  );
});

test('a long path is split with the shortest prefix', () => {
  const [a, b] = ['a'.repeat(60), 'b'.repeat(60)];
  const header = ustarHeader({ path: `${a}/${b}/c`, size: 0, mtime: 0 });
  expect(header.subarray(0, 62).toString()).toBe(`${b}/c`);
  expect(header.subarray(345, 345 + 60).toString()).toBe(a);
});

test.each([
  ['a'.repeat(101), 0, 0],
  [`${'a'.repeat(156)}/b`, 0, 0],
  ['a', MAX_FILE_BYTES + 1, 0],
  ['a', -1, 0],
  ['a', 0.5, 0],
  ['a', 0, -1],
  ['a', 0, 8 ** 11],
])('%s, size %s, time %s does not fit', (name, size, mtime) => {
  expect(() => ustarHeader({ path: name, size, mtime })).toThrow(RangeError);
});

describe('paths', () => {
  test.each(['', '/a', 'a//b', './a', 'a/..', '../a', 'a/./b', 'a\\b', 'a\nb', 'a/'])('%j is refused', (name) => {
    expect(pathProblem(name)).not.toBeNull();
  });
  test.each(['a', 'a/b.txt', '..a/b..', 'ü/…'])('%j is taken', (name) => {
    expect(pathProblem(name)).toBeNull();
  });
});
