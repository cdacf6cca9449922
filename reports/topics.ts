import type { Report, ReportedCheck } from '../harness/model/report.ts';
import { type CheckVerdict, plainFinding } from '../harness/model/verdict.ts';

/** A check as stated beside what the evidence says of it. */
export interface CheckRow {
  readonly statement: ReportedCheck;
  readonly finding: CheckVerdict;
}

/** The data of a check that is in no catalogue. */
export const NOTHING_STATED = { modes: [], evidence: '', needs: [], remedy: '', controls: [] } as const;

/** The checks that share the letters before the dash of their id, in order of id. */
export interface Topic {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly CheckRow[];
}

/** Topics in the catalogue's order; others follow by name. */
const TITLES: Readonly<Record<string, string>> = {
  PRE: 'What was looked at',
  CFG: 'Configuration',
  XFR: 'IPsec state in the kernel',
  RUL: 'Routing',
  WGD: 'WireGuard',
  TLS: 'Mutual TLS',
  WIR: 'The wire',
  ROT: 'Key rotation',
  LIF: 'Life cycle',
  EVI: 'The evidence itself',
};

/** Compares ids so that `WIR-2` comes before `WIR-10`. Independent of the machine's locale. */
export function compareIds(left: string, right: string): number {
  const a = left.match(/\d+|\D+/g) ?? [];
  const b = right.match(/\d+|\D+/g) ?? [];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [x, y] = [a[index]!, b[index]!];
    if (x === y) continue;
    const difference = Number(x) - Number(y);
    return Number.isNaN(difference) || difference === 0 ? (x < y ? -1 : 1) : difference;
  }
  return a.length - b.length;
}

/**
 * Every check with its verdict, by topic. A listed check without a verdict is `inconclusive`, never left out; a verdict without a listed
 * check is shown under its id.
 */
export function topicsOf(report: Pick<Report, 'checks' | 'verdicts'>): readonly Topic[] {
  const statements = new Map(report.checks.map((check) => [check.id, check]));
  const judged = new Set(report.verdicts.map((verdict) => verdict.id));
  const rows = [
    ...report.verdicts.map((finding) => ({ statement: statements.get(finding.id) ?? unstated(finding.id), finding })),
    ...report.checks.filter((check) => !judged.has(check.id)).map((statement) => ({ statement, finding: unjudged(statement.id) })),
  ].sort((a, b) => compareIds(a.finding.id, b.finding.id));

  const byTopic = Map.groupBy(rows, (row) => row.finding.id.split('-')[0]!);
  const order = Object.keys(TITLES);
  const rank = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...byTopic]
    .map(([id, members]) => ({ id, title: TITLES[id] ?? id, rows: members }))
    .sort((a, b) => rank(a.id) - rank(b.id) || compareIds(a.id, b.id));
}

function unstated(id: string): ReportedCheck {
  return { ...NOTHING_STATED, id, must: `${id} (not stated in the catalogue of this report)` };
}

function unjudged(id: string): CheckVerdict {
  return { id, ...plainFinding('inconclusive', `No verdict was recorded for ${id}`, 'a verdict for every stated check') };
}
