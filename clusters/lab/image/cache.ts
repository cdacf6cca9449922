import { createHash } from 'node:crypto';
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentError } from '../../../harness/model/environment-error.ts';

/** Where built files are kept: `$WIREWITNESS_CACHE`, `$XDG_CACHE_HOME/wirewitness` or `~/.cache/wirewitness`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.WIREWITNESS_CACHE) return env.WIREWITNESS_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'wirewitness');
}

/**
 * Make a folder of the cache, private to the user.
 * @throws EnvironmentError naming the folder, when it cannot be made or written to
 */
export async function makeCacheFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new EnvironmentError(`the cache folder ${folder} cannot be written (${why}); name another: WIREWITNESS_CACHE=/some/folder`);
  }
}

/** SHA-256 in hex of parts, each with its length so that no two lists collide. */
export function contentHash(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('hex');
}

/**
 * Hold a lock file during work. A lock whose owner no longer runs is replaced.
 * @throws when another live process keeps it longer than `limitMs`
 */
export async function withLock<T>(path: string, limitMs: number, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const deadline = performance.now() + limitMs;
  while (!(await tryLock(path))) {
    const owner = Number((await readFile(path, 'utf8').catch(() => '')).trim());
    if (owner > 0 && !isRunning(owner)) await rm(path, { force: true });
    if (performance.now() > deadline) throw new Error(`${path} was held by process ${owner} for more than ${limitMs} ms`);
    await delay(100, undefined, signal === undefined ? {} : { signal });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

async function tryLock(path: string): Promise<boolean> {
  try {
    await using handle = await open(path, 'wx', 0o600);
    await handle.writeFile(`${process.pid}\n`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The finished folder, built by `build` in a temporary folder and then renamed. */
export async function buildOnce(folder: string, build: (staging: string) => Promise<void>, signal?: AbortSignal): Promise<string> {
  const ready = () =>
    stat(folder).then(
      () => true,
      () => false,
    );
  if (await ready()) return folder;
  return withLock(
    `${folder}.lock`,
    900_000,
    async () => {
      if (await ready()) return folder;
      const staging = `${folder}.building`;
      await rm(staging, { recursive: true, force: true });
      await mkdir(staging, { recursive: true, mode: 0o700 });
      await build(staging);
      await rename(staging, folder);
      return folder;
    },
    signal,
  );
}
