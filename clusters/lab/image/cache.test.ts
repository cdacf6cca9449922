import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildOnce, cacheFolder, contentHash, withLock } from './cache.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ww-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the cache folder follows the environment', () => {
  expect(cacheFolder({ WIREWITNESS_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a');
  expect(cacheFolder({ XDG_CACHE_HOME: '/b' })).toBe('/b/wirewitness');
});

test('contentHash tells lists apart whose parts run together to the same text', () => {
  expect(contentHash(['ab', 'c'])).not.toBe(contentHash(['a', 'bc']));
});

describe('buildOnce', () => {
  test('two at the same time build once', async () => {
    let builds = 0;
    const build = async (staging: string) => {
      builds++;
      await writeFile(join(staging, 'done'), '');
    };
    const target = join(folder, 'image');
    await Promise.all([buildOnce(target, build), buildOnce(target, build)]);
    expect(builds).toBe(1);
    expect(existsSync(join(target, 'done'))).toBe(true);
    expect(existsSync(`${target}.lock`)).toBe(false);
  });

  test('a build that fails leaves nothing that looks finished, and the next one starts afresh', async () => {
    const target = join(folder, 'image');
    const fail = async (staging: string) => {
      await writeFile(join(staging, 'half'), '');
      throw new Error('disk full');
    };
    await expect(buildOnce(target, fail)).rejects.toThrow('disk full');
    expect(existsSync(target)).toBe(false);
    await buildOnce(target, (staging) => writeFile(join(staging, 'whole'), ''));
    expect(existsSync(join(target, 'half'))).toBe(false);
  });
});

test('a lock of a process that is gone is taken over, one of a live process is not', async () => {
  const lock = join(folder, 'lock');
  await writeFile(lock, '2147483646\n');
  expect(await withLock(lock, 2000, async () => 'mine')).toBe('mine');
  await writeFile(lock, `${process.ppid}\n`);
  await expect(withLock(lock, 50, async () => 'mine')).rejects.toThrow(/held by process/);
});
