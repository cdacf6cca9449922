import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { contentHash } from './cache.ts';
import { type PackageFile, resolvePackages, WANTED_PACKAGES } from './packages.ts';

const answerSchema = z.object({
  index: z.string(),
  packages: z.array(z.object({ fileName: z.string(), checksum: z.string(), name: z.string() })).min(1),
});

/** Where apt keeps what `apt-get update` brought, and what it reads to know from where. */
const INDEX_PLACES = ['/var/lib/apt/lists', '/etc/apt', '/etc/apt/sources.list.d'];

/**
 * {@link resolvePackages}, asked again only when the machine's package index changed since: the questions take some
 * seconds, the look at the index none.
 */
export async function knownPackages(cache: string, signal?: AbortSignal): Promise<readonly PackageFile[]> {
  const index = await indexState();
  const file = join(cache, 'packages.json');
  const known = answerSchema.safeParse(await readJson(file));
  if (known.success && known.data.index === index) return known.data.packages;
  const packages = await resolvePackages(signal);
  await writeFile(`${file}.${process.pid}`, `${JSON.stringify({ index, packages }, null, 1)}\n`, { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
  return packages;
}

/** Names, sizes and times of all files the package index is made of, and what we ask of it, as one hash. */
async function indexState(): Promise<string> {
  const parts: string[] = [...WANTED_PACKAGES];
  for (const place of INDEX_PLACES) {
    const names = await readdir(place).catch(() => []); // A place that is not there is a state too.
    for (const name of names.sort()) {
      const { size, mtimeMs, isFile } = await stat(join(place, name)).then((s) => ({
        size: s.size,
        mtimeMs: s.mtimeMs,
        isFile: s.isFile(),
      }));
      if (isFile) parts.push(`${place}/${name} ${size} ${mtimeMs}`);
    }
  }
  return contentHash(parts);
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    // Not there yet, or cut by a full disk: it is only an answer that can be asked for again.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
