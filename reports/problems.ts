import type { Report } from '../harness/model/report.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { type CheckRow, topicsOf } from './topics.ts';

/** Whether a verdict is a problem. */
export function isProblem(verdict: Verdict): boolean {
  return verdict === 'contradicts' || verdict === 'inconclusive';
}

/** The checks with a problem: `contradicts` first, and among those the ones that a packet or a flow shows. */
export function problemsOf(report: Pick<Report, 'checks' | 'verdicts'>): readonly CheckRow[] {
  const shown = ({ finding }: CheckRow) => finding.facts.some(({ flow, frame }) => flow !== undefined || frame !== undefined);
  const rank = (row: CheckRow) => (row.finding.verdict === 'contradicts' ? 0 : 2) + (shown(row) ? 0 : 1);
  return topicsOf(report)
    .flatMap((topic) => topic.rows)
    .filter(({ finding }) => isProblem(finding.verdict))
    .sort((a, b) => rank(a) - rank(b));
}
