import type { Intent } from '../../model/intent.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import type { PastSample } from '../next-sample.ts';
import { readHistory } from './history-file.ts';

/**
 * The samples that earlier runs of a claim drove, oldest first. Only of complete runs, and of runs without a fault: others do not count as a
 * round.
 *
 * @param folder of the history; undefined: none
 * @throws HistoryError
 */
export async function pastSamples(
  folder: string | undefined,
  scenario: ScenarioName,
): Promise<(intent: Pick<Intent, 'mode' | 'routing'>) => readonly PastSample[]> {
  const chain = folder === undefined ? [] : await readHistory(folder);
  const summaries = chain.flatMap(({ entry }) => (entry.kind === 'run' && entry.summary.sample !== undefined ? [entry.summary] : []));
  return ({ mode, routing }) =>
    summaries
      .filter((one) => one.complete && one.fault === null && one.scenario === scenario)
      .filter(({ intent }) => intent.mode === mode && intent.routing === routing)
      .flatMap(({ sample }) => sample ?? []);
}
