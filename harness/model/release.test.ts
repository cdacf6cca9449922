import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareReleases, releaseOf } from './release.ts';

test.each([
  ['1.16.2', [1, 16, 2]],
  ['v1.20.0-dev', [1, 20, 0]],
  ['6.1.0-37-amd64', [6, 1, 0]],
  ['5.14.0-611.54.1.el9_7', [5, 14, 0]],
  ['unknown', null],
  ['7', null],
])('the release of %s', (text, numbers) => expect(releaseOf(text)).toEqual(numbers));

test('releases are compared number by number, not as text', () => {
  expect(compareReleases([1, 9], [1, 10])).toBeLessThan(0);
  expect(compareReleases([1, 16], [1, 16, 0])).toBe(0);
  expect(compareReleases([1, 16, 1], [1, 16])).toBeGreaterThan(0);
});

test('the order is total: antisymmetric, and equal to itself', () => {
  const release = fc.array(fc.nat(99), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(release, release, (a, b) => {
      expect(Math.sign(compareReleases(a, b)) + Math.sign(compareReleases(b, a))).toBe(0);
      expect(compareReleases(a, a)).toBe(0);
    }),
  );
});
