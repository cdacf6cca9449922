import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ExitError } from './exit-error.ts';

/**
 * A finished recording must not be written to: with an additional file it is refused. Links in the path are followed.
 * @param places what the user named, by option: `{ '--out': 'reports' }`; undefined ones are skipped
 * @throws ExitError (usage) when one is the recording's folder or inside it
 */
export async function refuseInside(recordingFolder: string, places: Readonly<Record<string, string | undefined>>): Promise<void> {
  const recording = await real(recordingFolder);
  for (const [option, place] of Object.entries(places)) {
    if (place === undefined) continue;
    const way = relative(recording, await real(place));
    if (way === '..' || way.startsWith(`..${sep}`)) continue;
    throw ExitError.usage(
      `${option} ${place}: is inside the recording ${recordingFolder}, which is never written to again; name another place`,
    );
  }
}

/** The path with links resolved; for a path that does not exist yet, its existing part. */
async function real(path: string, links = 0): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch (error) {
    const parent = dirname(absolute);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === absolute || links > MAX_LINKS) return absolute;
    const target = await readlink(absolute).catch(() => null);
    if (target !== null) return real(resolve(parent, target), links + 1);
    return join(await real(parent, links), basename(absolute));
  }
}

/** The most links that Linux follows in one path. */
const MAX_LINKS = 40;
