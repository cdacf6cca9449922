import type { CommandResult, RunOptions } from '../model/shell.ts';
import { type Child, startChild } from './child.ts';
import { CommandAbortedError, CommandFailedError, CommandTimeoutError } from './errors.ts';

/** Where and how {@link run} starts the program, in addition to the options of a shell. */
export interface LocalRunOptions extends RunOptions {
  /** For messages; default `local`. */
  readonly place?: string;
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdoutFile?: string;
  /** The command line for results and messages, when the local one only transports it. */
  readonly shownArgv?: readonly string[];
  /** Called before the local process is killed by time limit or abort, to end what it started on another machine. */
  readonly onKill?: () => void;
}

/**
 * Run a program on this machine to its end, in its own process group. A non-zero exit is a result.
 * @throws CommandNotStartedError, CommandTimeoutError, CommandAbortedError
 */
export async function run(argv: readonly string[], options: LocalRunOptions = {}): Promise<CommandResult> {
  return runChild(argv, options, () => startChild(argv, { ...options, place: options.place ?? 'local' }));
}

/** As {@link run}, for a child of any kind: a local process, or a remote command. */
export async function runChild(argv: readonly string[], options: LocalRunOptions, begin: () => Child): Promise<CommandResult> {
  const place = options.place ?? 'local';
  const shown = options.shownArgv ?? argv;
  if (options.signal?.aborted) throw new CommandAbortedError(place, shown, options.signal.reason);
  const child = begin();
  let stop: Error | undefined;
  const kill = (error: Error) => {
    stop ??= error;
    options.onKill?.();
    child.destroy();
  };
  const limit = options.timeoutMs;
  const timer =
    limit === undefined ? undefined : setTimeout(() => kill(new CommandTimeoutError(place, shown, limit, child.stderr())), limit);
  const onAbort = () => kill(new CommandAbortedError(place, shown, options.signal?.reason));
  options.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await child.ended;
    if (stop) throw stop;
    return { argv: shown, exitCode, stdout: child.stdout(), stderr: child.stderr() };
  } catch (error) {
    // A command killed at its limit also loses its connection; the limit is the cause to report.
    throw stop ?? error;
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * As {@link run}, for a command that must succeed.
 * @throws CommandFailedError with the end of its stderr
 */
export async function runOrThrow(argv: readonly string[], options: LocalRunOptions = {}): Promise<CommandResult> {
  const result = await run(argv, options);
  return succeeded(result, options.place ?? 'local');
}

/** The result itself, when the command succeeded. @throws CommandFailedError */
export function succeeded(result: CommandResult, place: string): CommandResult {
  if (result.exitCode !== 0) throw new CommandFailedError(place, result.argv, result.exitCode, result.stderr || result.stdout);
  return result;
}
