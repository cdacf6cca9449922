import type { SelftestReport } from '../../harness/model/selftest.ts';
import { compareIds } from '../topics.ts';

/** The checks of one topic, as columns of the matrix. */
export interface ColumnGroup {
  /** `WIR`. */
  readonly topic: string;
  /** Check ids, in order. */
  readonly ids: readonly string[];
}

/** The columns of a matrix by topic, in the catalogue's order; named checks that are not in the catalogue follow. */
export function columnsOf(report: Pick<SelftestReport, 'checks' | 'results'>): ColumnGroup[] {
  const known = new Set(report.checks);
  const named = report.results.flatMap(({ checks }) => checks.map(({ id }) => id)).filter((id) => !known.has(id));
  const topics = Map.groupBy([...report.checks, ...new Set(named)], topicOf);
  return [...topics].map(([topic, ids]) => ({ topic, ids: [...ids].sort(compareIds) }));
}

function topicOf(id: string): string {
  return id.split('-')[0]!;
}
