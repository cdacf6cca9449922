import type { CommandResult, RunningCommand, Shell } from '../../harness/model/shell.ts';

/** The answer of a simulated program to a command: its standard output, or an error with a non-zero exit code. */
export type Answer = { readonly stdout: string } | { readonly stderr: string; readonly exitCode: number };

/** A {@link Shell} whose commands are answered by a function; it starts nothing and has no files. */
export function simulatedShell(name: string, answer: (argv: readonly string[]) => Promise<Answer>): Shell {
  const run = async (argv: readonly string[]): Promise<CommandResult> => {
    const given = await answer(argv);
    return 'exitCode' in given
      ? { argv, exitCode: given.exitCode, stdout: '', stderr: given.stderr }
      : { argv, exitCode: 0, stdout: given.stdout, stderr: '' };
  };
  return {
    name,
    run: (argv) => run(argv),
    start: async (argv): Promise<RunningCommand> => {
      const ended = run(argv);
      return {
        ended,
        stop: () => ended,
        ready: async (pattern) => {
          const { stdout, stderr } = await ended;
          const line = `${stderr}\n${stdout}`.split('\n').find((candidate) => pattern.test(candidate));
          if (line === undefined) throw new Error(`${name}: ${argv.join(' ')} ended without a line like ${pattern}`);
          return line;
        },
      };
    },
    fetch: async (remotePath) => {
      throw new Error(`${name}: a simulated shell has no files, so not ${remotePath}`);
    },
  };
}
