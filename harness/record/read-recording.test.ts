import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { storeRecording } from '../testing/memory-recording.ts';
import { buildRecording } from '../testing/recording.ts';
import { openRecording } from './open-recording.ts';
import { forThreads, partOf, readRecording } from './read-recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** More than is kept in memory. */
const LARGE = 5 * 1024 * 1024;
const made = buildRecording({ files: { 'small.txt': 'a small file', 'large.txt': 'large'.repeat(LARGE / 5) } });
storeRecording(made, folder);

async function textOf(source: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

test('a thread reads what the process reads, and small files from the memory in which they were hashed', async () => {
  const recording = await openRecording(folder);
  const given = forThreads(recording)!;
  expect([...given.kept.keys()]).toEqual(['small.txt']);
  const there = readRecording(structuredClone(given));
  rmSync(join(folder, 'small.txt'));
  for (const reader of [recording, there]) {
    expect(await reader.text('small.txt')).toBe('a small file');
    expect(await textOf(reader.bytes('small.txt'))).toBe('a small file');
    expect(await reader.events()).toEqual([]);
    await expect(reader.text('other.txt')).rejects.toThrow('is not part of the recording');
  }
  expect(there.manifest).toEqual(recording.manifest);
  expect(await textOf(there.bytes('large.txt'))).toBe(await textOf(recording.bytes('large.txt')));
});

test('what was changed in memory is not given to a thread, which would read the folder', async () => {
  storeRecording(made, folder);
  const recording = await openRecording(folder);
  expect(forThreads({ ...recording })).toBeNull();
  expect(forThreads(made)).toBeNull();
});

test('a part is read from its beginning to its end, and a file that ends before was changed', async () => {
  storeRecording(made, folder);
  const given = forThreads(await openRecording(folder))!;
  const part = (path: string, from: number, to: number | null) => textOf(partOf(given, path, from, to));
  expect(await part('small.txt', 2, 7)).toBe('small');
  expect(await part('small.txt', 8, null)).toBe('file');
  expect(await part('large.txt', 5, 10)).toBe('large');
  expect(await part('large.txt', LARGE - 3, null)).toBe('rge');
  truncateSync(join(folder, 'large.txt'), 100);
  await expect(part('large.txt', 90, 110)).rejects.toThrow('large.txt: ends 10 bytes before byte 110: it was changed');
  await expect(part('small.txt', 0, 20)).rejects.toThrow('ends 8 bytes before byte 20');
  await expect(part('other.txt', 0, 20)).rejects.toThrow('is not part of the recording');
});
