import { join } from 'node:path';
import type { ConsoleOptions } from '../../reports/console.ts';

/** How to print for whoever reads standard output. NO_COLOR and pipes get plain text. */
export function consoleOptions(folder: string): ConsoleOptions {
  const color = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return { color, width: process.stdout.columns ?? 140, reportPath: join(folder, 'report.html') };
}
