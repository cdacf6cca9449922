import { CommanderError } from 'commander';
import { HistoryError } from '../../reports/history/history-error.ts';
import { PackRefusal } from '../../reports/pack/refusal.ts';
import { oneLine, printable } from '../../reports/printable.ts';
import { EnvironmentError } from '../model/environment-error.ts';
import { UsageError } from '../model/usage-error.ts';
import { RecordingError } from '../record/recording-error.ts';
import { EXIT } from '../run/exit-codes.ts';
import { ExitError } from '../run/exit-error.ts';
import { InterruptedError } from '../run/interruption.ts';
import { systemRefusal } from '../run/system-error.ts';
import { DEBUG_FLAG } from './debug-flag.ts';

/** Print an error on standard error in one line, and return its exit code. The stack is printed only with `--debug`. */
export function reportError(error: unknown, debug = process.argv.includes(DEBUG_FLAG)): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage;
  const cause = error instanceof Error && error.name === 'AbortError' ? error.cause : error;
  if (debug && error instanceof Error) process.stderr.write(`${printable(error.stack ?? error.message)}\n`);
  if (cause instanceof InterruptedError) return say(EXIT.interrupted, `${cause.message}; what was recorded so far is kept`);
  if (error instanceof ExitError) return say(error.exitCode, error.message);
  if (error instanceof UsageError) return say(EXIT.usage, error.message);
  if (error instanceof EnvironmentError) return say(EXIT.environment, error.message);
  // Text of a recording, a pack or a history is untrusted: print it on one line.
  if (error instanceof HistoryError || error instanceof RecordingError || error instanceof PackRefusal)
    return say(EXIT.inconclusive, oneLine(error.message));
  if (!(error instanceof Error)) return say(EXIT.inconclusive, oneLine(String(error)));
  const refusal = systemRefusal(error);
  if (refusal !== undefined) return say(EXIT.environment, oneLine(refusal));
  return say(EXIT.inconclusive, `${oneLine(`${error.name}: ${error.message}`)}${debug ? '' : ` (${DEBUG_FLAG} shows where)`}`);
}

function say(exitCode: number, message: string): number {
  process.stderr.write(`wirewitness: ${printable(message)}\n`);
  return exitCode;
}
