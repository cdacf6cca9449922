import type { CellResult, SelftestReport } from '../../harness/model/selftest.ts';

/** The matrix for a terminal. */
export function writeSelftestConsole(report: SelftestReport): string {
  const count = (state: CellResult['state']) => report.results.filter((result) => result.state === state).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('broken')} could not be run, ${count('absent')} not run; ${report.seconds.toFixed(0)} s\n`;
}
