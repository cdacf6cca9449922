import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodedRuns } from './encoded-runs.ts';

const found = (text: string): string[] => [...encodedRuns(text)].map(({ encoding, at }) => `${encoding} at ${at}`);
const bytes = fc.uint8Array({ minLength: 16, maxLength: 64 });

describe('an encoded run is found', () => {
  /** Neither hexadecimal digits nor base64, on either side. */
  const noise = fc.string({ unit: fc.constantFrom('"', '.', '|', '\xff', '\0'), maxLength: 120 });
  const written: [string, (content: Uint8Array) => string][] = [
    ['hex', (content) => Buffer.from(content).toString('hex')],
    ['hex', (content) => [...content].map((byte) => byte.toString(16).padStart(2, '0')).join(',\n0x')],
    ['base64', (content) => Buffer.from(content).toString('base64').replaceAll('=', '').replace(/.{11}/g, '$&\\n')],
    ['decimal', (content) => [...content].join(', ')],
    ['escaped', (content) => [...content].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ];
  for (const [encoding, write] of written)
    test(`${encoding}, as in ${write(Uint8Array.of(1, 2, 3))}`, () => {
      fc.assert(
        fc.property(noise, bytes, noise, (before, content, behind) => {
          expect(found(`${before}${write(content)}${behind}`)).toContain(`${encoding} at ${before.length}`);
        }),
      );
    });
});

test('what is shorter than a run is none', () => {
  expect(found(`${'a'.repeat(21)}.${'/'.repeat(21)}`)).toEqual([]);
});
