import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { neededLibraries } from './elf.ts';

describe('neededLibraries', () => {
  test('a script needs none', () => {
    expect(neededLibraries(Buffer.from('#!/bin/sh\necho hello, this is no program at all, only text of some length\n'), 'script')).toEqual(
      [],
    );
  });

  test('finds the C library of the program that runs this test', (ctx) => {
    ctx.skip(process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch), 'needs a Linux program of a 64-bit machine');
    expect(neededLibraries(readFileSync(process.execPath), 'node').some((name) => /^(libc\.so|libc\.musl|ld-musl)/.test(name))).toBe(true);
  });

  test('a 32-bit file is named, not misread', () => {
    const file = Buffer.alloc(64);
    file.writeUInt32BE(0x7f454c46);
    file[4] = 1;
    file[5] = 1;
    expect(() => neededLibraries(file, 'old')).toThrow('old: not a 64-bit little-endian ELF file');
  });

  test('a cut file throws instead of reading beyond its end', (ctx) => {
    ctx.skip(process.platform !== 'linux', 'needs a Linux program');
    expect(() => neededLibraries(readFileSync(process.execPath).subarray(0, 200), 'cut')).toThrow(RangeError);
  });
});
