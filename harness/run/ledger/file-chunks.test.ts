import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noise } from '../../testing/packets.ts';
import { bytesOf, fileChunks } from './file-chunks.ts';

test.each([0, 1, 524_288, 1_300_000])('gives a file of %i bytes whole', async (size) => {
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-chunks-'));
  try {
    const bytes = noise(size, 5);
    await writeFile(join(folder, 'file'), bytes);
    const copies: Uint8Array[] = [];
    for await (const chunk of fileChunks(join(folder, 'file'))) copies.push(chunk.slice());
    expect(Buffer.concat(copies).equals(bytes)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a file that is not there is the system’s error', async () => {
  await expect(fileChunks('/nowhere/capture.pcap').next()).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' });
});

test('a part of a file is given whole, or not at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-chunks-'));
  try {
    const [path, bytes] = [join(folder, 'file'), noise(1000, 5)];
    await writeFile(path, bytes);
    expect(Buffer.from(bytesOf(path, 10, 1000)).equals(bytes.subarray(10))).toBe(true);
    expect(() => bytesOf(path, 10, 1001)).toThrow(/byte 1000: the file was cut while it was read/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
