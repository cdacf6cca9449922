import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentError } from '../model/environment-error.ts';
import type { Intent } from '../model/intent.ts';
import type { ClusterProvider } from '../model/provider.ts';
import { RunClock } from '../record/run-clock.ts';
import type { Watched } from '../record/session.ts';
import { thenAlways } from '../record/then-always.ts';
import type { PastSample } from './next-sample.ts';
import { type Audience, providerOf } from './provider-of.ts';
import { recordRun } from './record-run.ts';
import type { RunPlan } from './run-flags.ts';
import { WatchAlerts } from './watch/watch-alerts.ts';

/** What a run needs in addition to its plan. */
export interface RunSurroundings extends Audience {
  /** Absolute. */
  readonly out: string;
  readonly signal: AbortSignal;
  /** Registers a function that is called when the user ends an observation early. */
  readonly endsEarly: (end: () => void) => Disposable;
  /** Samples of earlier runs of a claim, oldest first. */
  readonly pastSamples: (intent: Intent) => readonly PastSample[];
  /** Called for each recording, also for an incomplete one, after everything of the run was removed. */
  readonly recorded: (folder: string, intent: Intent) => Promise<void>;
}

/**
 * Execute a plan: one recording after the other, then everything is removed, then the reports and packs are written.
 * @throws ExitError (environment) when the provider cannot be used here; the error that ended a recording early, after its reports were written
 */
export async function runPlan(plan: RunPlan, surroundings: RunSurroundings): Promise<void> {
  const { out, signal, recorded, progress } = surroundings;
  const made: Intent[] = [];
  const record = async (): Promise<void> => {
    await using provider = providerOf(plan, surroundings);
    const availability = await provider.detect();
    if (!availability.available) throw new EnvironmentError(`--target ${provider.name}: ${availability.lacks}; ${availability.remedy}`);
    await recordAll(provider, plan, surroundings, made);
  };
  const handOver = async (): Promise<void> => {
    if (signal.aborted) return;
    for (const intent of made) await recorded(join(out, intent.mode), intent);
  };
  await thenAlways(record, handOver, (error) => progress(`what was recorded could not be judged: ${String(error)}`));
}

async function recordAll(
  provider: ClusterProvider,
  { intents, scenario, sampling, fault, observation, alertUrl, comparisonKey }: RunPlan,
  { out, progress, signal, endsEarly, pastSamples }: RunSurroundings,
  made: Intent[],
): Promise<void> {
  const clock = new RunClock();
  for (const intent of intents) {
    signal.throwIfAborted();
    const folder = join(out, intent.mode);
    const tell = (line: string): void => progress(`${intent.mode}: ${line}`);
    const alerts =
      observation?.watch === undefined
        ? undefined
        : new WatchAlerts({
            intent,
            folder: join(folder, 'recording'),
            metrics: join(folder, 'watch.prom'),
            url: alertUrl,
            progress: tell,
          });
    const watched = alerts === undefined ? {} : { watched: (what: Watched) => alerts.take(what) };
    const watching = observation === undefined ? {} : { observation: { ...observation, ...watched, endsEarly } };
    const comparing = comparisonKey === undefined ? {} : { comparisonKey };
    const drawn = { ...sampling, past: pastSamples(intent) };
    const recording = { intent, scenario, sampling: drawn, fault, folder, signal, clock, progress: tell, ...watching, ...comparing };
    try {
      await recordRun({ ...recording, open: () => provider.open(intent, signal) });
    } catch (error) {
      const why = provider.lost?.();
      if (why === undefined) throw error;
      throw new EnvironmentError(`the ${provider.name} ended unexpectedly while ${intent.mode} was recorded: ${why}`, { cause: error });
    } finally {
      if (await isThere(join(folder, 'recording', 'manifest.json'))) made.push(intent);
    }
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
