import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { directory, file, link, writeCpio } from './cpio.ts';

const sample = new Map([
  ['etc/hosts', file('127.0.0.1 localhost\n')],
  ['bin/busybox', file('x', 0o755)],
  ['bin/sh', link('busybox')],
  ['tmp', directory(0o700)],
]);

/** Read back with a reader of its own, straight from the format's description. */
function readCpio(archive: Buffer): { path: string; mode: number; data: string }[] {
  const found = [];
  for (let at = 0; ; ) {
    expect(archive.toString('latin1', at, at + 6)).toBe('070701');
    const field = (index: number) => Number.parseInt(archive.toString('latin1', at + 6 + index * 8, at + 14 + index * 8), 16);
    const path = archive.toString('utf8', at + 110, at + 110 + field(11) - 1);
    if (path === 'TRAILER!!!') return found;
    const start = Math.ceil((at + 110 + field(11)) / 4) * 4;
    found.push({ path, mode: field(1), data: archive.toString('utf8', start, start + field(6)) });
    at = Math.ceil((start + field(6)) / 4) * 4;
  }
}

describe('writeCpio', () => {
  test('holds every entry, sorted, with parents before children', () => {
    expect(readCpio(writeCpio(sample))).toEqual([
      { path: 'bin', mode: 0o040755, data: '' },
      { path: 'bin/busybox', mode: 0o100755, data: 'x' },
      { path: 'bin/sh', mode: 0o120777, data: 'busybox' },
      { path: 'etc', mode: 0o040755, data: '' },
      { path: 'etc/hosts', mode: 0o100644, data: '127.0.0.1 localhost\n' },
      { path: 'tmp', mode: 0o040700, data: '' },
    ]);
  });

  test('gives the same bytes for the same entries in another order, padded so that another archive may follow', () => {
    const other = new Map([...sample].reverse());
    expect(writeCpio(other).equals(writeCpio(sample))).toBe(true);
    expect(writeCpio(sample).length % 512).toBe(0);
  });

  test('refuses absolute paths', () => {
    expect(() => writeCpio(new Map([['/etc', directory()]]))).toThrow(/"\/etc" is not a relative path/);
  });

  test('cpio(1) or bsdtar lists it the same', (ctx) => {
    const list = (argv: [string, string[]]) => {
      try {
        return execFileSync(...argv, { input: writeCpio(sample), stdio: ['pipe', 'pipe', 'ignore'] }).toString();
      } catch {
        return undefined;
      }
    };
    const listed = list(['cpio', ['-t']]) ?? list(['bsdtar', ['-tf', '-']]);
    ctx.skip(listed === undefined, 'this machine has neither cpio nor bsdtar');
    expect(listed?.trim().split('\n')).toEqual(['bin', 'bin/busybox', 'bin/sh', 'etc', 'etc/hosts', 'tmp']);
  });
});
