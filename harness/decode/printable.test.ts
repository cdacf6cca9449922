import { describe, expect, test } from 'vitest';
import { oddCharacter } from './printable.ts';

describe('oddCharacter', () => {
  test.each<[string, string, string]>([
    ['a byte order mark', '\ufeffsrc 10.0.0.1', 'line 1: U+FEFF'],
    ['a no-break space', 'src 10.0.0.1\ndst\u00a010.0.0.2', 'line 2: U+00A0'],
    ['a zero width space', 'a\u200bb', 'line 1: U+200B'],
    ['a change of direction', 'a\u202eb', 'line 1: U+202E'],
    ['NUL', 'a\n\n\0', 'line 3: U+0000'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff]).toString('utf8'), 'line 1: U+FFFD'],
    ['a line separator', 'a\u2028b', 'line 1: U+2028'],
    ['a wide blank', 'a\u2003b', 'line 1: U+2003'],
  ])('%s', (_, text, expected) => expect(oddCharacter(text)).toBe(expected));

  test.each(['', 'src 10.0.0.1\r\n\tdst 10.0.0.2\n', '\u001b[1mbold\u001b[0m', ' /¯¯\\ Cilium: OK', '12µs – größer'])(
    '%j is a text',
    (text) => expect(oddCharacter(text)).toBeNull(),
  );
});
