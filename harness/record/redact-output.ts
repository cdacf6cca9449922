import { withholdSecrets } from '../decode/secrets/withhold.ts';
import type { CommandResult } from '../model/shell.ts';
import type { Collector } from '../stacks/collector.ts';

/**
 * What may be written of a command's output. Keys are replaced in memory by their length and fingerprint, other text with the shape of a
 * secret by the name of its rule. An output whose keys cannot be found with certainty is not written; the reason is appended to standard
 * error.
 */
export function redactOutput(
  { redact }: Collector,
  { stdout, stderr }: CommandResult,
  fingerprint: (key: Uint8Array) => string,
): { readonly stdout: string; readonly stderr: string } {
  const said = withholdSecrets(stderr);
  try {
    return { stdout: withholdSecrets(redact === undefined ? stdout : redact(stdout, fingerprint)), stderr: said };
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    return { stdout: '', stderr: `${said}\nwirewitness: the output was withheld: its keys could not be redacted (${why})\n` };
  }
}
