import { createWriteStream } from 'node:fs';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { execa } from 'execa';
import { CommandNotStartedError } from './errors.ts';
import { forgetGroup, killGroup, rememberGroup } from './groups.ts';

/** What a child needs beside its command line. */
export interface ChildOptions {
  /** For messages. */
  readonly place: string;
  readonly stdin?: string | Uint8Array;
  /** Keep standard input open as a pipe; receives the function that closes it. */
  readonly holdStdin?: (close: () => void) => void;
  readonly stdoutFile?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with each piece of stdout or stderr as it comes. */
  readonly onOutput?: () => void;
}

/** A child process in its own process group. */
export interface Child {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code, 128+N for signal N, after it ended and its output is complete. Rejects when it did not start. */
  readonly ended: Promise<number>;
  signal(name: NodeJS.Signals): void;
  /** Kill the group, and stop listening to pipes that a process outside the group may still hold. */
  destroy(): void;
}

/** How long output may still come after the leader died and its group was killed, in milliseconds. */
const DRAIN_MS = 1000;

/**
 * Start a program in its own process group. execa's time limit and abort wait for every process that holds the pipe, also a grandchild, so
 * callers do both with {@link Child.destroy}.
 */
export function startChild(argv: readonly string[], options: ChildOptions): Child {
  const [file, ...args] = argv;
  if (file === undefined) throw new RangeError(`${options.place}: an empty command line`);
  const subprocess = execa(file, args, {
    detached: true,
    buffer: false,
    reject: false,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    stdin: options.stdin === undefined && options.holdStdin === undefined ? 'ignore' : 'pipe',
  });
  const pid = subprocess.pid;
  // A command that watches its pipe ends by itself and cleans up first; killing it would prevent that.
  if (pid !== undefined && options.holdStdin === undefined) rememberGroup(pid);
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const collect = (stream: Readable, into: Buffer[]) => {
    stream.on('data', (chunk: Buffer) => {
      into.push(chunk);
      options.onOutput?.();
    });
    return finished(stream).catch(endOfPipe);
  };
  const copied =
    options.stdoutFile === undefined
      ? collect(subprocess.stdout, out)
      : pipeline(subprocess.stdout, createWriteStream(options.stdoutFile, { mode: 0o600 })).catch(endOfPipe);
  const streams = Promise.all([copied, collect(subprocess.stderr, err)]);
  // The program may end before it has read everything (EPIPE); its exit code shows that.
  subprocess.stdin?.on('error', () => {});
  if (options.stdin !== undefined) subprocess.stdin?.end(options.stdin);
  options.holdStdin?.(() => subprocess.stdin?.end());
  const destroy = () => {
    if (pid !== undefined) killGroup(pid, 'SIGKILL');
    setTimeout(() => {
      subprocess.stdout.destroy();
      subprocess.stderr.destroy();
    }, DRAIN_MS).unref();
  };
  const ended = new Promise<number>((resolve, reject) => {
    subprocess.nodeChildProcess.once('error', (error: Error) => reject(new CommandNotStartedError(options.place, argv, error)));
    subprocess.nodeChildProcess.once('exit', (code: number | null, signal: NodeJS.Signals | null) => {
      if (pid !== undefined) forgetGroup(pid);
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      streams.then(() => resolve(exitCode), reject);
    });
    subprocess.catch(reject);
    if (pid === undefined) subprocess.then((r) => reject(new CommandNotStartedError(options.place, argv, r.cause ?? r)), reject);
  });
  ended.catch(() => {});
  return {
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
    ended,
    signal: (name) => {
      if (pid !== undefined) killGroup(pid, name);
    },
    destroy,
  };
}

/** A pipe closed by this process is not an error; every other failure is. */
function endOfPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
}
