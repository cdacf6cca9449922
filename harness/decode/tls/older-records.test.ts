import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noise } from '../../testing/packets.ts';
import { plainWindow } from '../wire/plain.ts';
import { OlderRecords } from './older-records.ts';

const record = (length: number, seed: number): Buffer =>
  Buffer.concat([Buffer.from([23, 3, 3, length >> 8, length & 255]), noise(length, seed)]);

const anyBytes = fc.array(
  fc.oneof(
    fc.tuple(fc.integer({ min: 1, max: 900 }), fc.nat(50)).map(([length, seed]) => noise(length, seed)),
    fc.tuple(fc.integer({ min: 9, max: 600 }), fc.nat(50)).map(([length, seed]) => record(length, seed)),
    // A header whose record ends somewhere in what follows.
    fc.integer({ min: 1, max: 3000 }).map((length) => Buffer.from([23, 3, 3, length >> 8, length & 255])),
    fc.integer({ min: 1, max: 120 }).map((length) => Buffer.alloc(length, 'GET / HTTP/1.1 ')),
  ),
  { minLength: 1, maxLength: 12 },
);

/** The same search over all bytes again for each push. */
function borderOf(bytes: Uint8Array): number {
  const end = (at: number): number =>
    bytes[at]! >= 20 && bytes[at]! <= 23 && bytes[at + 1] === 3 && bytes[at + 2] === 3
      ? at + 5 + ((bytes[at + 3]! << 8) | bytes[at + 4]!)
      : -1;
  for (let at = 0; at + 5 <= bytes.length; at++) {
    const next = end(at);
    if (next <= at + 5 || next > at + 5 + 18_432) continue;
    if (next === bytes.length || (next + 5 <= bytes.length && end(next) > next + 5)) return at;
  }
  return -1;
}

test('a border is found, and plain bytes are seen, when all bytes so far show it', () => {
  fc.assert(
    fc.property(anyBytes, fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }), (parts, sizes) => {
      const bytes = Buffer.concat(parts);
      const records = new OlderRecords();
      for (let at = 0, n = 0; at < bytes.length && !records.synchronised; n++) {
        const piece = bytes.subarray(at, at + sizes[n % sizes.length]!);
        at += piece.length;
        const [before, border] = [bytes.subarray(0, at), borderOf(bytes.subarray(0, at))];
        const why = records.push(piece);
        const isPlain = plainWindow(before, 0, border < 0 ? at : border) >= 0;
        expect([at, records.synchronised]).toEqual([at, border >= 0 && !isPlain]);
        if (isPlain) expect(why).toBe('bytes that cannot be ciphertext');
        if (why !== null) return;
      }
    }),
    { numRuns: 400 },
  );
});

test('random bytes without a border are refused beyond the bound', () => {
  const records = new OlderRecords();
  const refusals = Array.from({ length: 300 }, (_, n) => (n > 236 ? null : records.push(noise(160, n + 1))));
  expect(refusals.findIndex((why) => why !== null)).toBe(230);
  expect(refusals[230]).toBe('no record of TLS begins in 36960 bytes');
});
