import type { Shell } from '../../harness/model/shell.ts';
import { LayoutError } from './layout-error.ts';

/** Much longer than a node needs under emulation (less than 2 s); a blocked shell must not block the run. */
const SCRIPT_LIMIT_MS = 60_000;

/**
 * Run a script by `sh -s` with the script on standard input, so that no key is in an argument list.
 * @returns its standard output
 * @throws LayoutError with the end of its stderr (keys removed)
 */
export async function applyScript(shell: Shell, script: string, what: string): Promise<string> {
  const result = await shell.run(['sh', '-s'], { stdin: script, timeoutMs: SCRIPT_LIMIT_MS });
  if (result.exitCode !== 0)
    throw new LayoutError(shell.name, `${what} failed with exit code ${result.exitCode}`, result.stderr || result.stdout);
  return result.stdout;
}
