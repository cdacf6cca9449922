import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Number of built images that are kept: the current one, and some of other versions. */
const IMAGES_KEPT = 3;

/**
 * Remove all but the newest images, and packages that no longer belong to the one just built. A running machine has already read its image.
 */
export async function pruneCache(cache: string, packageFiles: ReadonlySet<string>): Promise<void> {
  const images = (await readdir(cache)).filter((name) => /^guest-[0-9a-f]{16}$/.test(name)).map((name) => join(cache, name));
  const aged = await Promise.all(images.map(async (path) => ({ path, built: (await stat(path)).mtimeMs })));
  aged.sort((a, b) => b.built - a.built);
  for (const { path } of aged.slice(IMAGES_KEPT)) await rm(path, { recursive: true, force: true });
  const packages = join(cache, 'packages');
  for (const name of await readdir(packages))
    if (name.endsWith('.deb') && !packageFiles.has(name)) await rm(join(packages, name), { force: true });
}
