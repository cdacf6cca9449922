import { join } from 'node:path';
import type { ConsoleOptions } from '../../reports/console.ts';
import type { OutputFlags } from './progress.ts';

/**
 * Whether to print colours. Conventions in this order, the first that is set decides: no-color.org, force-color.org, bixense.com/clicolors.
 */
export function wantsColor(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', CLICOLOR_FORCE = '', CLICOLOR = '', TERM = '' } = environment;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return !['0', 'false'].includes(FORCE_COLOR);
  if (CLICOLOR_FORCE !== '' && CLICOLOR_FORCE !== '0') return true;
  return isTerminal && CLICOLOR !== '0' && TERM !== 'dumb';
}

/** How to print on standard output. A pipe gets no colours unless the environment asks for them. */
export function consoleOptions(folder: string, { verbose = false }: OutputFlags = {}): ConsoleOptions {
  const color = wantsColor(process.env, process.stdout.isTTY === true);
  return { color, verbose, width: process.stdout.columns ?? 140, reportPath: join(folder, 'report.html') };
}
