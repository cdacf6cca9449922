import type { CommandResult } from '../model/shell.ts';
import { CommandTimeoutError, LostConnectionError } from './errors.ts';

/** Exit codes of a command that gave no result: as `timeout` has it for a limit that passed, as ssh has it for a lost connection. */
const PASSED_ITS_LIMIT = 124;
const LOST = 255;

/**
 * For `.catch`: a command that passed its limit or lost its connection, as a result that is none: a non-zero exit code, and the error as
 * what it printed. Whoever reads it has one output less, and the rest goes on.
 * @throws every other error
 */
export function asUnanswered(argv: readonly string[]): (error: unknown) => CommandResult {
  return (error) => {
    const exitCode = error instanceof CommandTimeoutError ? PASSED_ITS_LIMIT : error instanceof LostConnectionError ? LOST : undefined;
    if (exitCode === undefined) throw error;
    return { argv, exitCode, stdout: '', stderr: `${(error as Error).message}\n` };
  };
}
