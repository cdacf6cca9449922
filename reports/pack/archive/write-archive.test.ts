import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { archiveOf } from '../testdata/sample-pack.ts';
import { writeArchive } from './write-archive.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-archive-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, 'a.tar.gz');
const file = (path: string, source: Uint8Array) => ({ path, size: source.length, source });

test('gzip and tar of the system read it', async () => {
  const [one, two] = [Buffer.from('one\n'), Buffer.alloc(100_000, 'two')];
  await writeArchive(out, [file('p/b/two.txt', two), file('p/one.txt', one)], 1_700_000_000);
  const packed = readFileSync(out);
  expect(gunzipSync(packed).equals(await archiveOf(out))).toBe(true);
  const listing = spawnSync('tar', ['--numeric-owner', '-tvzf', out], { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  expect(listing.stderr).toBe('');
  expect(
    listing.stdout
      .split('\n')
      .slice(0, 2)
      .map((line) => line.replace(/\s+/g, ' ')),
  ).toEqual(['-rw-r--r-- 0/0 100000 2023-11-14 22:13 p/b/two.txt', '-rw-r--r-- 0/0 4 2023-11-14 22:13 p/one.txt']);
});

test('whatever the content, it comes out as it went in, in both layers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3000 }), { minLength: 1, maxLength: 6 }), async (contents) => {
      await writeArchive(
        out,
        contents.map((bytes, index) => file(`p/${index}`, bytes)),
        0,
      );
      const archive = await archiveOf(out);
      expect(archive.length % 512).toBe(0);
      expect(gunzipSync(readFileSync(out)).equals(archive)).toBe(true);
      let at = 0;
      for (const bytes of contents) {
        expect(archive.subarray(at + 512, at + 512 + bytes.length).equals(Buffer.from(bytes))).toBe(true);
        at += 512 + Math.ceil(bytes.length / 512) * 512;
      }
      expect(archive.length).toBe(at + 1024);
    }),
    { numRuns: 40 },
  );
});

test('a file that is not as long as was said, a path twice and one that climbs leave no archive behind', async () => {
  const path = join(folder, 'short');
  writeFileSync(path, 'abc');
  const target = join(folder, 'none.tar.gz');
  await expect(writeArchive(target, [{ path: 'p/a', size: 4, source: path }], 0)).rejects.toThrow('3 bytes were read, 4 were announced');
  await expect(
    writeArchive(
      target,
      [1, 2].map(() => ({ path: 'p/a', size: 3, source: path })),
      0,
    ),
  ).rejects.toThrow('is there twice');
  await expect(writeArchive(target, [file('p/../a', Buffer.from('x'))], 0)).rejects.toThrow('climb');
  await expect(writeArchive(target, [{ path: 'p/a', size: 4, source: join(folder, 'absent') }], 0)).rejects.toThrow('ENOENT');
  expect(readdirSync(folder).filter((name) => name.startsWith('none'))).toEqual([]);
});
