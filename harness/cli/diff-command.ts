import { compareReports } from '../run/diff/compare.ts';
import { diffExitCode } from '../run/diff/exit-code.ts';
import { diffText } from '../run/diff/text.ts';
import { loadReport } from '../run/load-report.ts';

/** `wirewitness diff BASELINE CURRENT`: compares two reports, or the folders with them. */
export async function diffCommand(baseline: string, current: string, { json = false }: { json?: boolean }): Promise<number> {
  const comparison = compareReports(await loadReport(baseline), await loadReport(current));
  process.stdout.write(json ? `${JSON.stringify(comparison, null, 2)}\n` : diffText(comparison));
  return diffExitCode(comparison);
}
