import { expect, test } from 'vitest';
import { EXIT, exitCodeFor } from './exit-codes.ts';

test('the numbers are what is published', () => {
  expect(EXIT).toEqual({ supports: 0, contradicts: 1, inconclusive: 2, usage: 3, environment: 4, interrupted: 130 });
});

test.each([
  [['supports'], 0],
  [['supports', 'supports'], 0],
  [['supports', 'contradicts'], 1],
  [['inconclusive', 'contradicts', 'supports'], 1],
  [['supports', 'inconclusive'], 2],
  [['supports', 'not-exercised'], 2],
  [['not-applicable'], 2],
  [[], 2],
] as const)('%j ends with %i', (verdicts, code) => {
  expect(exitCodeFor(verdicts)).toBe(code);
});
