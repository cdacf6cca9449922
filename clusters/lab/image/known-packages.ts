import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { contentHash } from './cache.ts';
import { type PackageFile, resolvePackages, WANTED_PACKAGES } from './packages.ts';

const answerSchema = z.object({
  index: z.string(),
  packages: z.array(z.object({ fileName: z.string(), checksum: z.string(), name: z.string() })).min(1),
});

/** Where apt stores the package index of `apt-get update`, and its configuration. */
const INDEX_PLACES = ['/var/lib/apt/lists', '/etc/apt', '/etc/apt/sources.list.d'];

/**
 * {@link resolvePackages}, repeated only if the machine's package index has changed: the queries take some seconds, comparing the index
 * takes none.
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

/** Names, sizes and times of all files of the package index, and the queries, as one hash. */
async function indexState(): Promise<string> {
  const parts: string[] = [...WANTED_PACKAGES];
  for (const place of INDEX_PLACES) {
    const names = await readdir(place).catch(() => []); // A missing folder is a state too.
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
    // Missing, or cut by a full disk: the answer can be queried again.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
