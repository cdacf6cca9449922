import { type Labels, type MetricFamily, metricsText, seconds, states } from '../metrics-text.ts';
import type { FleetRow } from './fleet.ts';

/** OpenMetrics text of many histories, for a textfile collector: of each series the latest run. */
export function writeFleetMetrics(rows: readonly FleetRow[]): string {
  const verdict = 'wirewitness_fleet_verdict';
  const ran = rows.flatMap(({ latest, ...row }) => (latest === undefined ? [] : [{ ...row, latest }]));
  const families: MetricFamily[] = [
    {
      name: verdict,
      type: 'stateset',
      help: 'What the latest run says of the claim; inconclusive where it is overdue, contradicts where the history is refused',
      samples: rows.flatMap((row) => states(verdict, row.verdict, labelsOf(row))),
    },
    {
      name: 'wirewitness_fleet_run_end_timestamp_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'When the latest recording ended, seconds since 1970',
      samples: ran.map((row) => [labelsOf(row), seconds(row.latest.recordedAt)] as const),
    },
    {
      name: 'wirewitness_fleet_checks',
      type: 'gauge',
      help: 'Checks of the latest run by verdict',
      samples: ran.flatMap((row) =>
        Object.entries(row.latest.checks).map(([name, count]) => [{ ...labelsOf(row), verdict: name }, count] as const),
      ),
    },
    {
      name: 'wirewitness_fleet_runs',
      type: 'gauge',
      help: 'Runs in the history',
      samples: rows.map((row) => [labelsOf(row), row.runs] as const),
    },
  ];
  return metricsText(families);
}

/** The folder tells clusters of the same name apart. */
function labelsOf({ folder, cluster, mode, name }: Pick<FleetRow, 'folder' | 'cluster' | 'mode' | 'name'>): Labels {
  return { history: folder, cluster, mode, series: name };
}
