import type { Shell } from '../model/shell.ts';
import { LostConnectionError } from '../proc/errors.ts';

/** A shell that is looked up for each command, because its container may be replaced. @param find the shell, or why there is none */
export function lateShell(name: string, find: () => Promise<Shell | string>): Shell {
  const found = async (argv: readonly string[]): Promise<Shell> => {
    const shell = await find();
    if (typeof shell === 'string') throw new LostConnectionError(name, argv, shell);
    return shell;
  };
  return {
    name,
    run: async (argv, options) => (await found(argv)).run(argv, options),
    runEach: async (argvs, options) => {
      const shell = await find();
      return (typeof shell === 'string' ? undefined : await shell.runEach?.(argvs, options)) ?? argvs.map(() => null);
    },
    start: async (argv, options) => (await found(argv)).start(argv, options),
    fetch: async (remotePath, localPath) => (await found(['cat', remotePath])).fetch(remotePath, localPath),
  };
}
