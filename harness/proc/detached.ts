import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CommandAbortedError, CommandFailedError, CommandNotStartedError } from './errors.ts';

/** A background program to start. */
export interface DetachedSpec {
  readonly argv: readonly string[];
  /** Its stderr is appended there. */
  readonly logFile: string;
  /** The line on its stdout that means it is ready. */
  readonly readyLine: string;
  /** Called with every line before that one. */
  readonly onLine: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Start a program in its own session, which continues after this process, and read its stdout until the ready line. An abort before that
 * ends it (SIGTERM) and waits for it.
 * @throws CommandFailedError when it ends first
 */
export async function startDetached(spec: DetachedSpec): Promise<void> {
  const [file, ...args] = spec.argv;
  if (file === undefined) throw new RangeError('an empty command line');
  const log = openSync(spec.logFile, 'a', 0o600);
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', log] });
  closeSync(log);
  const stdout = child.stdout;
  if (stdout === null) throw new TypeError('a piped standard output is never null');
  const onAbort = () => {
    child.kill('SIGTERM');
  };
  spec.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', (error) => reject(new CommandNotStartedError('background', spec.argv, error)));
      child.once('exit', (code) => {
        if (spec.signal?.aborted) reject(new CommandAbortedError('background', spec.argv, spec.signal.reason));
        else reject(new CommandFailedError('background', spec.argv, code ?? -1, `it ended before it was ready; see ${spec.logFile}`));
      });
      createInterface({ input: stdout }).on('line', (line) => (line === spec.readyLine ? resolve() : spec.onLine(line)));
    });
  } finally {
    spec.signal?.removeEventListener('abort', onAbort);
    child.removeAllListeners('exit');
    stdout.destroy();
    child.unref();
  }
}
