import { writeFile } from 'node:fs/promises';
import { type FleetSource, fleetOf } from '../../reports/fleet/fleet.ts';
import { writeFleetHtml } from '../../reports/fleet/html.ts';
import { writeFleetMetrics } from '../../reports/fleet/openmetrics.ts';
import { writeFleetJson, writeFleetText } from '../../reports/fleet/text.ts';
import { HistoryError } from '../../reports/history/history-error.ts';
import { sharedKeys } from '../../reports/history/shared-keys.ts';
import { worstVerdict } from '../../reports/summary.ts';
import { exitCodeFor } from '../run/exit-codes.ts';
import { readHistory } from '../run/history/history-file.ts';
import { publicKeyId } from './history-command.ts';
import { positiveNumber } from './positive-number.ts';
import type { FleetFormat } from './report-formats.ts';

export interface FleetFlags {
  readonly format: FleetFormat;
  readonly out?: string;
  readonly key?: readonly string[];
  readonly everyHours?: string;
}

/** `wirewitness fleet`: the latest run of each claim in many histories, the worst first. The exit code is that of the worst. */
export async function fleetCommand(folders: readonly string[], { format, out, key = [], everyHours }: FleetFlags): Promise<number> {
  const every = everyHours === undefined ? undefined : positiveNumber('--every-hours', everyHours);
  const trusted = key.length === 0 ? null : new Set(await Promise.all(key.map(publicKeyId)));
  const sources: FleetSource[] = [];
  for (const folder of folders) sources.push(await sourceOf(folder, trusted));
  const now = new Date();
  const rows = fleetOf(sources, now.getTime(), every);
  // Two histories can be of clusters of one name: the folder tells them apart.
  const keys = sharedKeys(
    sources.flatMap(({ folder, runs }) => runs.map((summary) => ({ cluster: `${folder} ${summary.cluster}`, summary }))),
  );
  const written = {
    console: () => writeFleetText(rows, keys),
    json: () => writeFleetJson(rows, keys),
    html: () => writeFleetHtml(rows, keys, now.toISOString()),
    openmetrics: () => writeFleetMetrics(rows),
  };
  const text = written[format]();
  if (out === undefined) process.stdout.write(text);
  else await writeFile(out, text);
  return exitCodeFor([worstVerdict(rows.map(({ verdict }) => verdict))]);
}

/** A history that was changed, or that an unknown key signed, is a row that says so: it must not hide the others. */
async function sourceOf(folder: string, trusted: ReadonlySet<string> | null): Promise<FleetSource> {
  try {
    const chain = await readHistory(folder, trusted);
    return { folder, runs: chain.flatMap(({ entry }) => (entry.kind === 'run' ? [entry.summary] : [])) };
  } catch (error) {
    if (error instanceof HistoryError) return { folder, runs: [], refused: error.message };
    throw error;
  }
}
