import type { CommandResult, RunOptions, Shell } from '../model/shell.ts';
import { LIMITS_MS } from './limits.ts';
import { quoteArgv } from './quote.ts';
import { newRemoteId } from './remote-command.ts';
import { asUnanswered } from './unanswered.ts';

/** The last line of one command's outputs in a batch: which of them it was, and its exit code. */
const mark = (id: string) => `printf '\\n\\001%s %s %s\\n' ${id} $n $r`;

/**
 * Several commands as one for a POSIX shell that has `timeout`: one after the other, without standard input, each killed past the limit
 * without harm to the others. Both outputs of each end with a mark.
 * @param id from {@link newRemoteId}
 */
export function batchArgv(id: string, argvs: readonly (readonly string[])[], limitSeconds: number): string[] {
  const one = (argv: readonly string[], index: number) =>
    `n=${index}; timeout -s KILL ${Math.ceil(limitSeconds)} ${quoteArgv(argv)} </dev/null; r=$?; ${mark(id)}; ${mark(id)} >&2`;
  return ['sh', '-c', argvs.map(one).join('\n')];
}

/** What each command of {@link batchArgv} answered, in its place; null for one whose outputs did not both come whole. */
export function batchResults(
  id: string,
  argvs: readonly (readonly string[])[],
  outputs: Pick<CommandResult, 'stdout' | 'stderr'>,
): (CommandResult | null)[] {
  const [out, err] = [sections(id, outputs.stdout), sections(id, outputs.stderr)];
  return argvs.map((argv, index) => {
    const [stdout, stderr] = [out.get(index), err.get(index)];
    if (stdout === undefined || stderr === undefined || stdout.exitCode !== stderr.exitCode) return null;
    return { argv, exitCode: stdout.exitCode, stdout: stdout.text, stderr: stderr.text };
  });
}

function sections(id: string, output: string): ReadonlyMap<number, { readonly text: string; readonly exitCode: number }> {
  const found = new Map<number, { text: string; exitCode: number }>();
  let from = 0;
  for (const match of output.matchAll(new RegExp(`\\n\\x01${id} (\\d{1,4}) (\\d{1,3})\\n`, 'g'))) {
    found.set(Number(match[1]), { text: output.slice(from, match.index), exitCode: Number(match[2]) });
    from = match.index + match[0].length;
  }
  return found;
}

/** {@link Shell.runEach} by one run of a shell over there. */
export async function runAsBatch(
  shell: Pick<Shell, 'run'>,
  argvs: readonly (readonly string[])[],
  { timeoutMs = LIMITS_MS.read, signal }: Pick<RunOptions, 'timeoutMs' | 'signal'> = {},
): Promise<readonly (CommandResult | null)[]> {
  const id = newRemoteId();
  const argv = batchArgv(id, argvs, timeoutMs / 1000);
  // One that hangs is killed at its own limit; a second one ends the batch, and what is missing is asked for again.
  const options = { timeoutMs: 2 * timeoutMs, idempotent: true, ...(signal === undefined ? {} : { signal }) };
  return batchResults(id, argvs, await shell.run(argv, options).catch(asUnanswered(argv)));
}
