import { createWriteStream, type WriteStream } from 'node:fs';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Child } from '../proc/child.ts';
import { MarkedOutput } from '../proc/end-mark.ts';
import { LostConnectionError } from '../proc/errors.ts';
import { newRemoteId, remoteArgv } from '../proc/remote-command.ts';
import { type ExecConnection, type ExecPlace, type ExecStatus, openExec } from './exec-connection.ts';

/** A command to run in a container. */
export interface ExecCommand {
  readonly argv: readonly string[];
  /** For messages. */
  readonly name: string;
  readonly id?: string;
  readonly stdin?: string | Uint8Array;
  readonly stdoutFile?: string;
  readonly killAfterSeconds?: number;
  readonly writesNothing?: boolean;
  readonly onOutput?: () => void;
}

/**
 * A command in a container, as a {@link Child}. It ended only when the server gave a status and both outputs carry the end mark with the
 * same exit code; anything else is a lost connection.
 */
export function execChild(config: KubeConfig, place: ExecPlace, command: ExecCommand): Child {
  const { argv, name, id = newRemoteId(), stdoutFile, onOutput = () => {} } = command;
  const stdin = command.stdin === undefined ? undefined : Buffer.from(command.stdin as string);
  const out = new Collected(id, stdoutFile);
  const err = new Collected(id);
  const { promise: ended, resolve, reject } = Promise.withResolvers<number>();
  ended.catch(() => {});
  const lose = (reason: string) => reject(new LostConnectionError(name, argv, reason));
  const finish = async (status: ExecStatus | undefined, reason: string): Promise<void> => {
    const marks = [await out.end(), await err.end()];
    if (status === undefined) return lose(reason);
    const [first, second] = marks;
    if (first === null || second === null || first !== second)
      return lose(`the output was cut short (${status.message ?? status.status ?? 'no status'})`);
    resolve(first as number);
  };
  let connection: ExecConnection | undefined;
  let destroyed = false;
  const wrapped = remoteArgv({
    id,
    argv,
    ...(stdin === undefined ? {} : { stdinBytes: stdin.length }),
    ...(command.writesNothing === undefined ? {} : { writesNothing: command.writesNothing }),
    ...(command.killAfterSeconds === undefined ? {} : { killAfterSeconds: command.killAfterSeconds }),
  });
  openExec(config, place, wrapped, stdin !== undefined, {
    onStdout: (bytes) => {
      out.push(bytes);
      onOutput();
    },
    onStderr: (bytes) => {
      err.push(bytes);
      onOutput();
    },
    onEnd: (status, reason) => {
      finish(status, reason).catch(reject);
    },
  }).then(
    (opened) => {
      connection = opened;
      if (destroyed) opened.terminate();
      else if (stdin !== undefined) opened.send(stdin);
    },
    (error: Error) => lose(error.message),
  );
  return {
    stdout: () => out.text(),
    stderr: () => err.text(),
    ended,
    // A signal needs a separate command on the remote side: callers send one before they destroy.
    signal: () => {},
    destroy: () => {
      destroyed = true;
      if (connection === undefined) lose('it was closed by the caller before it was open');
      else connection.terminate();
    },
  };
}

/** An output without its end mark, in memory or in a file. */
class Collected {
  readonly #marked: MarkedOutput;
  readonly #parts: Buffer[] = [];
  readonly #file: WriteStream | undefined;
  readonly #failed: Promise<never> | undefined;

  constructor(id: string, file?: string) {
    this.#marked = new MarkedOutput(id);
    if (file === undefined) return;
    const stream = createWriteStream(file, { mode: 0o600 });
    this.#file = stream;
    this.#failed = new Promise((_, reject) => {
      stream.once('error', reject);
    });
    this.#failed.catch(() => {});
  }

  push(bytes: Buffer): void {
    this.#keep(this.#marked.push(bytes));
  }

  /** What arrived so far; a possible beginning of the mark is not included yet. */
  text(): string {
    return Buffer.concat(this.#parts).toString('utf8');
  }

  /** The exit code of the end mark, once the file is complete. */
  async end(): Promise<number | null> {
    const { rest, exitCode } = this.#marked.end();
    this.#keep(rest);
    const file = this.#file;
    if (file !== undefined) await Promise.race([new Promise<void>((resolve) => file.end(resolve)), this.#failed]);
    return exitCode;
  }

  #keep(bytes: Buffer): void {
    if (this.#file === undefined) this.#parts.push(bytes);
    else this.#file.write(bytes);
  }
}
