import type { CommandResult } from '../model/shell.ts';
import { CommandTimeoutError, LostConnectionError } from './errors.ts';

/** Exit codes of a command without a result: that of `timeout` for an exceeded limit, that of ssh for a lost connection. */
const PASSED_ITS_LIMIT = 124;
const LOST = 255;

/**
 * For `.catch`: turns a command that exceeded its limit or lost its connection into a result with a non-zero exit code and the error as its
 * output. Its reader has one output less, and everything else continues.
 * @throws every other error
 */
export function asUnanswered(argv: readonly string[]): (error: unknown) => CommandResult {
  return (error) => {
    const exitCode = error instanceof CommandTimeoutError ? PASSED_ITS_LIMIT : error instanceof LostConnectionError ? LOST : undefined;
    if (exitCode === undefined) throw error;
    return { argv, exitCode, stdout: '', stderr: `${(error as Error).message}\n` };
  };
}
