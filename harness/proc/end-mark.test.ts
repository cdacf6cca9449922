import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { endMark, MarkedOutput } from './end-mark.ts';

const ID = 'ww-0123456789abcdef';

function follow(pieces: readonly Buffer[]): { readonly body: string; readonly exitCode: number | null } {
  const output = new MarkedOutput(ID);
  const passed = pieces.map((piece) => output.push(piece));
  const { rest, exitCode } = output.end();
  return { body: Buffer.concat([...passed, rest]).toString('latin1'), exitCode };
}

describe('an output that must end with its mark', () => {
  test('any bytes in any pieces arrive complete, with the exit code', () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => array.map((byte) => (byte % 5 === 0 ? 1 : byte)));
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 40 }), (body, code, size) => {
        const all = Buffer.concat([body, Buffer.from(endMark(ID, code))]);
        const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.subarray(n * size, (n + 1) * size));
        expect(follow(pieces)).toEqual({ body: Buffer.from(body).toString('latin1'), exitCode: code });
      }),
    );
  });

  test('an output cut anywhere has no exit code, and keeps all that arrived', () => {
    const all = Buffer.from(`two\nlines\n${endMark(ID, 7)}`);
    for (let length = 0; length < all.length; length++) {
      const cut = all.subarray(0, length);
      expect(follow([cut])).toEqual({ body: cut.toString('latin1'), exitCode: null });
    }
  });

  test('a line is passed on at once: its reader must not wait for the next line', () => {
    expect(new MarkedOutput(ID).push(Buffer.from('listening on eth0\n')).toString()).toBe('listening on eth0\n');
  });

  test('the mark of another command is output', () => {
    const other = endMark('ww-ffffffffffffffff', 0);
    expect(follow([Buffer.from(other)])).toEqual({ body: other, exitCode: null });
  });
});
