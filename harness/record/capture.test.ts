import { expect, test } from 'vitest';
import { ringKib } from './capture.ts';

test('a ring is larger with few captures, and tcpdump’s default with many', () => {
  expect(ringKib(9)).toBe(3640);
  expect(ringKib(100)).toBe(2048);
});
