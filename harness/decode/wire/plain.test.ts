import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noise } from '../../testing/packets.ts';
import { looksPlain, plainWindow } from './plain.ts';

const TEXTS = [
  'GET /accounts?card=4111111111111111 HTTP/1.1\r\nHost: bank\r\n\r\n',
  'Привет, это обычный текст, который идёт по сети без всякого шифра.',
  'これは暗号化されていない日本語の文章です。よろしくお願いします。',
  '{"user":"anna","token":"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJz"}',
  '0123456789abcdef'.repeat(4),
];

describe('bytes that cannot be ciphertext', () => {
  test.each(TEXTS)('%s', (text) => {
    const bytes = Buffer.from(text);
    expect(looksPlain(bytes, 0, bytes.length)).toBe(true);
  });

  test('text with a few binary bytes in it, and a packet’s padding', () => {
    const bytes = Buffer.from(TEXTS[0]!);
    for (const at of [3, 20, 41]) bytes[at] = 0xf3;
    expect(looksPlain(bytes, 0, bytes.length)).toBe(true);
    expect(looksPlain(new Uint8Array(16), 0, 16)).toBe(true);
  });

  test('too few bytes prove nothing', () => expect(looksPlain(Buffer.from('fifteen letters'), 0, 15)).toBe(false));

  test('a plain part after ciphertext is found at its place', () => {
    const bytes = Buffer.concat([noise(64 * 3), Buffer.from(TEXTS[0]!), noise(64)]);
    expect(looksPlain(bytes, 0, bytes.length)).toBe(false);
    expect(plainWindow(bytes, 0, bytes.length)).toBe(64 * 3);
  });

  test('64 bytes of fewer than 38 different values from all quarters are found at their place, and of 38 they are not', () => {
    fc.assert(
      fc.property(fc.nat(7), fc.integer({ min: 8, max: 63 }), (window, values) => {
        const bytes = noise(64 * 8, values);
        for (let i = 0; i < 64; i++) bytes[64 * window + i] = (i % values) * 37;
        expect(plainWindow(bytes, 0, bytes.length)).toBe(values < 38 ? 64 * window : -1);
      }),
    );
  });

  test('80 bytes of text are found at any place', () => {
    const text = Buffer.from(TEXTS[0]!.repeat(2).slice(0, 80));
    for (let at = 0; at <= 200 - text.length; at++) {
      const bytes = noise(200, at);
      bytes.set(text, at);
      expect(plainWindow(bytes, 0, bytes.length), `at ${at}`).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('random bytes', () => {
  test('50,000 windows of each length pass', () => {
    for (const length of [16, 17, 24, 32, 40, 48, 63, 64]) {
      const bytes = randomBytes(length * 50_000);
      let taken = 0;
      for (let at = 0; at < bytes.length; at += length)
        if (looksPlain(bytes, at, at + length) || plainWindow(bytes, at, at + length) >= 0) taken++;
      expect(taken).toBe(0);
    }
  });

  test('no read is out of bounds', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(220), fc.nat(220), (bytes, from, to) => {
        const end = Math.min(to, bytes.length);
        expect([true, false]).toContain(looksPlain(bytes, Math.min(from, end), end));
        expect(plainWindow(bytes, Math.min(from, end), end)).toBeLessThanOrEqual(end);
      }),
    );
  });
});
