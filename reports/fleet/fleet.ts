import type { Verdict } from '../../harness/model/verdict.ts';
import type { RunSummary } from '../history/entry.ts';
import { seriesName } from '../history/trend.ts';

/** The history of a cluster as it was read: its runs, or why it cannot be used. */
export interface FleetSource {
  readonly folder: string;
  readonly runs: readonly RunSummary[];
  /** Why the history is refused; absent: every line is signed and chained. */
  readonly refused?: string;
}

/** The latest run of one series of one cluster. */
export interface FleetRow {
  readonly folder: string;
  /** {@link seriesName}; the folder where there is no run. */
  readonly name: string;
  readonly cluster: string;
  readonly mode: string;
  /** That of the latest run; `inconclusive` where that run is overdue or there is none, `contradicts` where the history is refused. */
  readonly verdict: Verdict;
  /** Why the verdict is not simply that of the latest run; empty otherwise. */
  readonly note: string;
  /** Absent where there is no run. */
  readonly latest?: RunSummary;
  /** Hours from the end of the latest run to the moment of the page. */
  readonly ageHours: number;
  readonly runs: number;
  /** UTC of the latest run that supported the claim; null: none did. */
  readonly lastSupport: string | null;
}

/** From this many times the distance at which runs are due a run counts as overdue. */
const OVERDUE_FACTOR = 1.5;
const ORDER: readonly Verdict[] = ['contradicts', 'inconclusive', 'not-exercised', 'not-applicable', 'supports'];

/**
 * One row for each series of each history, the worst first and among equals the oldest. Runs with a fault made on purpose are left out. A
 * history that is refused was changed or belongs to somebody else, and counts as the worst.
 *
 * @param nowMs Unix milliseconds
 * @param everyHours how often a run is due; undefined: a run is never overdue
 */
export function fleetOf(sources: readonly FleetSource[], nowMs: number, everyHours?: number): readonly FleetRow[] {
  const rows = sources.flatMap((source): FleetRow[] => {
    const nothing = {
      folder: source.folder,
      name: source.folder,
      cluster: source.folder,
      mode: '',
      ageHours: 0,
      runs: 0,
      lastSupport: null,
    };
    if (source.refused !== undefined) return [{ ...nothing, verdict: 'contradicts', note: `the history is refused: ${source.refused}` }];
    const withoutFault = source.runs.filter(({ fault }) => fault === null);
    if (withoutFault.length === 0) return [{ ...nothing, verdict: 'inconclusive', note: 'the history has no run' }];
    return [...Map.groupBy(withoutFault, seriesName)].map(([name, runs]) => rowOf(source.folder, name, runs, nowMs, everyHours));
  });
  return rows.sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict) || b.ageHours - a.ageHours || (a.name < b.name ? -1 : 1));
}

function rowOf(folder: string, name: string, runs: readonly RunSummary[], nowMs: number, everyHours: number | undefined): FleetRow {
  const sorted = runs.toSorted((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
  const latest = sorted.at(-1)!;
  const ageHours = (nowMs - Date.parse(latest.recordedAt)) / 3_600_000;
  const overdue = everyHours !== undefined && ageHours > everyHours * OVERDUE_FACTOR;
  const { verdict } = latest;
  // What contradicted stays red until a later run shows otherwise; what supported says nothing of today.
  const shown = overdue && verdict !== 'contradicts' ? 'inconclusive' : verdict;
  return {
    folder,
    name,
    cluster: latest.cluster,
    mode: latest.intent.mode,
    verdict: shown,
    note: overdue ? `overdue: the latest run ended ${hours(ageHours)} ago, one is due every ${everyHours} h` : '',
    latest,
    ageHours,
    runs: runs.length,
    lastSupport: sorted.findLast((run) => run.verdict === 'supports')?.recordedAt ?? null,
  };
}

/** `7 h` or `3.2 days`. */
export function hours(value: number): string {
  return value < 48 ? `${value.toFixed(0)} h` : `${(value / 24).toFixed(1)} days`;
}

/** How many rows have each verdict, in one line. */
export function fleetSentence(rows: readonly FleetRow[]): string {
  const clusters = new Set(rows.map(({ cluster }) => cluster)).size;
  const counts = ORDER.flatMap((verdict) => {
    const count = rows.filter((row) => row.verdict === verdict).length;
    return count === 0 ? [] : [`${count} ${verdict}`];
  });
  return `${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}, ${rows.length} ${rows.length === 1 ? 'claim' : 'claims'}: ${counts.join(', ')}`;
}

/** What is red in the latest run, or what else there is to say of a row. */
export function fleetReason({ note, latest }: FleetRow): string {
  if (latest === undefined) return note;
  const { contradicting, inconclusive } = latest;
  return [
    note,
    contradicting.length === 0 ? '' : `contradicting ${contradicting.join(' ')}`,
    inconclusive.length === 0 ? '' : `inconclusive ${inconclusive.join(' ')}`,
    latest.complete ? '' : 'the recording was interrupted',
  ]
    .filter((part) => part !== '')
    .join('; ');
}
