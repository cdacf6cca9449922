import type { CellState, SelftestReport } from '../../harness/model/selftest.ts';

export function countOf(report: Pick<SelftestReport, 'results'>, state: CellState): number {
  return report.results.filter((result) => result.state === state).length;
}

/** The result of a matrix in one sentence. */
export function selftestSentence(report: SelftestReport): string {
  const { results } = report;
  const outcomes = results.flatMap(({ checks }) => checks.map(({ outcome }) => outcome));
  const of = (outcome: string) => outcomes.filter((candidate) => candidate === outcome).length;
  const wrong = of('missed') + of('false-alarm');
  const broken = countOf(report, 'broken');
  const ran = results.length - countOf(report, 'absent') - broken;
  const cells = `${ran} cells were recorded and judged`;
  const rest = [
    broken > 0 && `${broken} could not be run`,
    ran < results.length - broken && `${results.length - broken - ran} were not run`,
  ];
  const tail = rest.filter((part) => part !== false).map((part) => `, ${part}`);
  if (ran === 0) return `No cell was recorded and judged${tail.join('')}: nothing is known of the checks.`;
  if (wrong > 0 || countOf(report, 'failed') > 0)
    return `${cells}${tail.join('')}: ${countOf(report, 'failed')} failed, with ${of('missed')} missed and ${of('false-alarm')} false alarms.`;
  return `${cells}${tail.join('')}: every named check turned red (${of('caught')} times) and no other one did.`;
}

/** The state of a matrix as a whole: the worst of its cells that were run; `broken` if none was run. */
export function selftestTone(report: Pick<SelftestReport, 'results'>): CellState {
  const states = new Set(report.results.map(({ state }) => state));
  if (states.has('failed')) return 'failed';
  return states.has('broken') || !states.has('passed') ? 'broken' : 'passed';
}
