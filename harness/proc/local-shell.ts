import { copyFile } from 'node:fs/promises';
import type { Shell } from '../model/shell.ts';
import { run } from './run.ts';
import { start } from './start.ts';

/** The machine this program runs on, as a {@link Shell}. */
export function localShell(name = 'local', env?: Readonly<Record<string, string>>): Shell {
  const extra = { place: name, ...(env === undefined ? {} : { env }) };
  return {
    name,
    run: (argv, options) => run(argv, { ...options, ...extra }),
    start: (argv, options) => start(argv, { ...options, ...extra }),
    fetch: (remotePath, localPath) => copyFile(remotePath, localPath),
  };
}
