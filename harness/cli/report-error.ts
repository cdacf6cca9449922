import { CommanderError } from 'commander';
import { HistoryError } from '../../reports/history/history-error.ts';
import { PackRefusal } from '../../reports/pack/refusal.ts';
import { oneLine, printable } from '../../reports/printable.ts';
import { EnvironmentError } from '../model/environment-error.ts';
import { RecordingError } from '../record/recording-error.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { InterruptedError } from '../run/interruption.ts';

/** Say on standard error what went wrong, and give the exit code for it. A stack is only printed for what nobody foresaw. */
export function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  if (cause instanceof InterruptedError) return say(EXIT.interrupted, `${cause.message}; what was recorded so far is kept`);
  if (error instanceof ExitError) return say(error.exitCode, error.message);
  if (error instanceof EnvironmentError) return say(EXIT.environment, error.message);
  // Paths and words of a recording, a pack or a history may be a stranger's: one line.
  if (error instanceof HistoryError || error instanceof RecordingError || error instanceof PackRefusal)
    return say(EXIT.inconclusive, oneLine(error.message));
  if (error instanceof Error) return say(EXIT.inconclusive, error.stack ?? error.message);
  return say(EXIT.inconclusive, String(error));
}

function say(exitCode: number, message: string): number {
  process.stderr.write(`wirewitness: ${printable(message)}\n`);
  return exitCode;
}
