import { expect, test } from 'vitest';
import { readCounters, ringKib } from './capture.ts';

test('the three closing counters are read, also in the singular', () => {
  const text = 'tcpdump: listening on eth0\n1 packet captured\n12 packets received by filter\n0 packets dropped by kernel\n';
  expect(readCounters(text)).toEqual({ captured: 1, receivedByFilter: 12, droppedByKernel: 0 });
});

test('a capture that did not say all three has none', () => {
  expect(readCounters('tcpdump: listening on eth0\n1 packet captured\n')).toBeNull();
  expect(readCounters('')).toBeNull();
});

test('a ring is larger with few captures, and tcpdump’s default with many', () => {
  expect(ringKib(9)).toBe(3640);
  expect(ringKib(100)).toBe(2048);
});
