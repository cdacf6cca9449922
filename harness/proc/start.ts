import type { CommandResult, RunningCommand, StartOptions } from '../model/shell.ts';
import { type Child, startChild } from './child.ts';
import { CommandAbortedError, CommandFailedError, CommandTimeoutError } from './errors.ts';

/** How {@link start} handles a command that runs in a remote shell. */
export interface LocalStartOptions extends StartOptions {
  readonly place?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The command line for results and messages, when the local one only transports it. */
  readonly shownArgv?: readonly string[];
  /** Ask the command to end; default SIGINT to its process group. */
  readonly interrupt?: (signal: 'INT' | 'KILL') => Promise<void>;
  /** Called with each piece of output as it comes. */
  readonly onOutput?: () => void;
  /** Keep standard input open as a pipe; receives the function that closes it. */
  readonly holdStdin?: (close: () => void) => void;
  /** Interpret the raw exit code: return the one to report, or throw when the connection was lost. */
  readonly settle?: (exitCode: number, stderr: string) => Promise<number>;
}

/** A running command whose output so far can be read. */
export interface LocalRunningCommand extends RunningCommand {
  output(): { readonly stdout: string; readonly stderr: string };
}

/** How long a command may take to end after SIGINT before it is killed, in milliseconds. */
const STOP_GRACE_MS = 15_000;
const READY_LIMIT_MS = 30_000;

/** Start a program on this machine that runs until it is stopped, in its own process group. */
export async function start(argv: readonly string[], options: LocalStartOptions = {}): Promise<LocalRunningCommand> {
  return superviseChild(argv, options, (onOutput) =>
    startChild(argv, {
      place: options.place ?? 'local',
      ...(options.holdStdin === undefined ? {} : { holdStdin: options.holdStdin }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(options.stdoutFile === undefined ? {} : { stdoutFile: options.stdoutFile }),
      onOutput,
    }),
  );
}

/** As {@link start}, for a child of any kind: a local process, or a remote command. */
export async function superviseChild(
  argv: readonly string[],
  options: LocalStartOptions,
  begin: (onOutput: () => void) => Child,
): Promise<LocalRunningCommand> {
  const place = options.place ?? 'local';
  const shown = options.shownArgv ?? argv;
  if (options.signal?.aborted) throw new CommandAbortedError(place, shown, options.signal.reason);
  const listeners = new Set<() => void>(options.onOutput === undefined ? [] : [options.onOutput]);
  const child = begin(() => {
    for (const listener of listeners) listener();
  });
  let aborted: Error | undefined;
  let over = false;
  const ended = child.ended
    .then(async (raw): Promise<CommandResult> => {
      if (aborted) throw aborted;
      const exitCode = options.settle ? await options.settle(raw, child.stderr()) : raw;
      return { argv: shown, exitCode, stdout: child.stdout(), stderr: child.stderr() };
    })
    .catch((error: unknown) => {
      throw aborted ?? error;
    });
  const interrupt = options.interrupt ?? (async (signal) => child.signal(`SIG${signal}`));
  const onAbort = () => {
    aborted ??= new CommandAbortedError(place, shown, options.signal?.reason);
    // The caller gets the abort as the error; a failure to reach the remote side would only hide it.
    interrupt('KILL').then(child.destroy, child.destroy);
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const close = () => {
    over = true;
    options.signal?.removeEventListener('abort', onAbort);
    for (const listener of listeners) listener();
  };
  ended.then(close, close);

  let stopping: Promise<CommandResult> | undefined;
  const stopOnce = async () => {
    if (over) return ended;
    // Reaching the remote side may take long: the time to end begins when the signal has arrived.
    await interrupt('INT').catch((error: unknown) => {
      if (over) return;
      aborted ??= error instanceof Error ? error : new Error(String(error));
      child.destroy();
    });
    const grace = setTimeout(() => {
      interrupt('KILL').then(child.destroy, child.destroy);
    }, STOP_GRACE_MS);
    try {
      return await ended;
    } finally {
      clearTimeout(grace);
    }
  };

  return {
    ended,
    output: () => ({ stdout: child.stdout(), stderr: child.stderr() }),
    stop: () => {
      stopping ??= stopOnce();
      return stopping;
    },
    ready: (pattern, timeoutMs = READY_LIMIT_MS) =>
      new Promise<string>((resolve, reject) => {
        const settle = (action: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          action();
        };
        const look = () => {
          const line = findLine(child.stderr(), pattern) ?? findLine(child.stdout(), pattern);
          if (line !== undefined) settle(() => resolve(line));
          else if (over) {
            ended.then(
              (r) =>
                settle(() =>
                  reject(new CommandFailedError(place, shown, r.exitCode, `ended before ${pattern} was seen: ${r.stderr || r.stdout}`)),
                ),
              (error) => settle(() => reject(error)),
            );
          }
        };
        const timer = setTimeout(
          () => settle(() => reject(new CommandTimeoutError(place, shown, timeoutMs, `no line matched ${pattern}: ${child.stderr()}`))),
          timeoutMs,
        );
        listeners.add(look);
        look();
      }),
  };
}

/** The first complete line that matches; an incomplete line is left for the next search. */
function findLine(text: string, pattern: RegExp): string | undefined {
  const plain = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, ''));
  const complete = text.slice(0, text.lastIndexOf('\n') + 1);
  return complete.split('\n').find((line) => line !== '' && plain.test(line));
}
