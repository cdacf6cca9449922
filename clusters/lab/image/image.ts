import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { runOrThrow } from '../../../harness/proc/run.ts';
import { GUEST_FILES } from '../guest/files.ts';
import { buildOnce, cacheFolder, contentHash, makeCacheFolder } from './cache.ts';
import { writeCpio } from './cpio.ts';
import { knownPackages } from './known-packages.ts';
import { downloadPackages, type PackageFile } from './packages.ts';
import { buildRootFilesystem, ROOT_FILESYSTEM_INPUTS } from './root-filesystem.ts';

/** Increase when the builder changes its output. */
const BUILDER_REVISION = '1';

/** What QEMU boots; both files live in the cache and are never changed. */
export interface GuestImage {
  /** First 16 hex digits of the hash of all inputs. */
  readonly id: string;
  readonly kernel: string;
  /** gzip; a further archive may be appended. */
  readonly initrd: string;
}

/**
 * The guest image for the newest packages, from the cache or built: packages unpacked without root, an initramfs written here. A build
 * takes about ten seconds plus its downloads (about 45 MB).
 */
export async function ensureGuestImage(progress: (line: string) => void, signal?: AbortSignal): Promise<GuestImage> {
  const cache = cacheFolder();
  const debs = join(cache, 'packages');
  await makeCacheFolder(debs);
  const packages = await knownPackages(cache, signal);
  const image = imageOf(packages, cache);
  const { id } = image;
  let built = false;
  await buildOnce(
    dirname(image.kernel),
    async (staging) => {
      const files = await downloadPackages(packages, debs, progress, signal);
      progress(`building guest image ${id} from ${files.length} packages`);
      const tree = join(staging, 'tree');
      await mkdir(tree);
      for (const deb of files)
        await runOrThrow(['dpkg', '-x', deb, tree], { timeoutMs: 120_000, ...(signal === undefined ? {} : { signal }) });
      const { entries, modules, absent } = await buildRootFilesystem(tree);
      const boot = await readdir(join(tree, 'boot'));
      const kernel = boot.find((name) => name.startsWith('vmlinuz-'));
      if (kernel === undefined) throw new Error(`the kernel package holds no vmlinuz (its boot folder has ${boot.join(', ')})`);
      await copyFile(join(tree, 'boot', kernel), join(staging, 'vmlinuz'));
      const archive = await promisify(gzip)(writeCpio(entries), { level: 6 });
      await writeFile(join(staging, 'initrd.gz'), archive);
      await rm(tree, { recursive: true });
      built = true;
      progress(
        `guest image ${id}: ${kernel.slice('vmlinuz-'.length)}, ${modules} modules, initrd ${(archive.length / 1e6).toFixed(1)} MB${absent.length > 0 ? `, without ${absent.join(', ')}` : ''}`,
      );
    },
    signal,
  );
  if (built) await pruneCache(cache, new Set(packages.map(({ fileName }) => fileName)));
  return image;
}

/** The image that {@link ensureGuestImage} would return, if it is already built. */
export async function builtGuestImage(signal?: AbortSignal): Promise<GuestImage | undefined> {
  const cache = cacheFolder();
  const image = imageOf(await knownPackages(cache, signal), cache);
  return existsSync(image.kernel) ? image : undefined;
}

function imageOf(packages: readonly PackageFile[], cache: string): GuestImage {
  const guest = [...GUEST_FILES].flatMap(([path, { mode, data }]) => [path, String(mode), data]);
  const inputs = [BUILDER_REVISION, ...ROOT_FILESYSTEM_INPUTS, ...packages.flatMap((p) => [p.fileName, p.checksum]), ...guest];
  const id = contentHash(inputs).slice(0, 16);
  const folder = join(cache, `guest-${id}`);
  return { id, kernel: join(folder, 'vmlinuz'), initrd: join(folder, 'initrd.gz') };
}

/** Number of built images that are kept: the current one, and some of other versions. */
const IMAGES_KEPT = 3;

/**
 * Remove all but the newest images, and packages that no longer belong to the one just built. A running machine has already read its image.
 */
async function pruneCache(cache: string, packageFiles: ReadonlySet<string>): Promise<void> {
  const images = (await readdir(cache)).filter((name) => /^guest-[0-9a-f]{16}$/.test(name)).map((name) => join(cache, name));
  const aged = await Promise.all(images.map(async (path) => ({ path, built: (await stat(path)).mtimeMs })));
  aged.sort((a, b) => b.built - a.built);
  for (const { path } of aged.slice(IMAGES_KEPT)) await rm(path, { recursive: true, force: true });
  const packages = join(cache, 'packages');
  for (const name of await readdir(packages))
    if (name.endsWith('.deb') && !packageFiles.has(name)) await rm(join(packages, name), { force: true });
}
