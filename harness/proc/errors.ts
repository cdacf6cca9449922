import { EnvironmentError } from '../model/environment-error.ts';
import { formatArgv } from './quote.ts';

/** The program could not be started: it is missing or not executable. */
export class CommandNotStartedError extends EnvironmentError {
  override readonly name = 'CommandNotStartedError';
  readonly argv: readonly string[];

  constructor(place: string, argv: readonly string[], cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${place}: could not start \`${formatArgv(argv)}\`: ${why}`, { cause });
    this.argv = argv;
  }
}

/** The command exceeded its time limit and was killed with its process group. */
export class CommandTimeoutError extends Error {
  override readonly name = 'CommandTimeoutError';
  readonly argv: readonly string[];
  readonly timeoutMs: number;

  constructor(place: string, argv: readonly string[], timeoutMs: number, stderr: string) {
    super(`${place}: \`${formatArgv(argv)}\` passed its limit of ${timeoutMs} ms and was killed${tail(stderr)}`);
    this.argv = argv;
    this.timeoutMs = timeoutMs;
  }
}

/** The caller's signal was aborted; the command was killed. */
export class CommandAbortedError extends Error {
  override readonly name = 'CommandAbortedError';
  readonly argv: readonly string[];

  constructor(place: string, argv: readonly string[], reason: unknown) {
    super(`${place}: \`${formatArgv(argv)}\` was aborted: ${reason instanceof Error ? reason.message : String(reason)}`, { cause: reason });
    this.argv = argv;
  }
}

/** The connection to the place was lost, so what the command did there is unknown. */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';
  readonly argv: readonly string[];

  constructor(place: string, argv: readonly string[], detail: string) {
    super(`${place}: the connection was lost while \`${formatArgv(argv)}\` ran${tail(detail)}`);
    this.argv = argv;
  }
}

/** A command that had to succeed failed. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';
  readonly argv: readonly string[];
  readonly exitCode: number;

  constructor(place: string, argv: readonly string[], exitCode: number, output: string) {
    super(`${place}: \`${formatArgv(argv)}\` ended with ${exitCode}${tail(output)}`);
    this.argv = argv;
    this.exitCode = exitCode;
  }
}

function tail(text: string): string {
  const trimmed = text.trim();
  return trimmed === '' ? '' : `: ${trimmed.slice(-600)}`;
}
