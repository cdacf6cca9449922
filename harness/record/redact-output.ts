import type { CommandResult } from '../model/shell.ts';
import type { Collector } from '../stacks/collector.ts';

/**
 * What may be written of a command's output. Keys are replaced in memory by their length and fingerprint; an output whose
 * keys can't be found for sure is not written at all, and the reason stands in its place on standard error.
 */
export function redactOutput(
  collector: Collector,
  result: CommandResult,
  fingerprint: (key: Uint8Array) => string,
): { readonly stdout: string; readonly stderr: string } {
  if (collector.redact === undefined) return { stdout: result.stdout, stderr: result.stderr };
  try {
    return { stdout: collector.redact(result.stdout, fingerprint), stderr: result.stderr };
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    return { stdout: '', stderr: `${result.stderr}\nwirewitness: the output was withheld: its keys could not be redacted (${why})\n` };
  }
}
