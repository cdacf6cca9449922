import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { attachExisting } from '../../clusters/existing/existing.ts';
import { planText } from '../../clusters/existing/plan.ts';
import { type Kube, openKube } from '../kube/kube.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { recordObserved } from '../record/observe.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import { RunClock } from '../record/run-clock.ts';
import { recordSteady } from '../record/steady.ts';
import { ExitError } from './exit-error.ts';
import type { LabRunOptions } from './lab-run.ts';
import type { ExistingPlan } from './plan-existing.ts';
import { toolVersion } from './tool-version.ts';

export interface ExistingRunOptions extends Pick<LabRunOptions, 'intents' | 'out' | 'progress' | 'signal' | 'recorded'> {
  readonly existing: ExistingPlan;
  /** Ask a person; undefined where there is none to ask. */
  readonly ask: (() => Promise<boolean>) | undefined;
  /** Show the plan. */
  readonly show: (plan: string) => void;
}

/** Examine a cluster that is there already: show the plan, ask, create, record, and remove all of it again, whatever happens. */
export async function runInExisting(options: ExistingRunOptions): Promise<void> {
  const { intents, out, progress, recorded, existing } = options;
  const [intent, ...more] = intents;
  if (intent === undefined || more.length > 0)
    throw ExitError.usage('--target existing: say with --mode what is claimed of the cluster: ipsec, wireguard or none');
  const kube = await openKube(existing);
  progress(`cluster ${kube.name}, Kubernetes ${await kube.version()}`);
  const folder = join(out, intent.mode);
  await recordAndLeave(kube, intent, folder, options);
  // Judged once nothing is left in the cluster: whatever happens meanwhile, nobody has to tidy up there.
  await recorded(folder, intent);
}

async function recordAndLeave(kube: Kube, intent: Intent, folder: string, options: ExistingRunOptions): Promise<void> {
  const { progress, signal, existing, ask, show } = options;
  await using cluster = await attachExisting({
    ...existing,
    kube,
    progress,
    signal,
    approve: async (objects) => {
      if (objects.length === 0) return show(`In cluster ${kube.name} nothing will be created.\n`);
      show(planText(kube.name, objects));
      if (existing.yes) return;
      if (ask === undefined) throw ExitError.usage('nothing was created: say --yes to agree, or --observe-only to create nothing');
      if (!(await ask())) throw ExitError.usage('nothing was created: the plan was not agreed to');
    },
  });
  await record(cluster, intent, folder, existing.observeOnly, options);
  progress('removing what was created');
}

async function record(cluster: Cluster, intent: Intent, folder: string, observeOnly: boolean, options: ExistingRunOptions): Promise<void> {
  const { progress, signal } = options;
  const header = {
    runId: `${new Date().toISOString().replace(/[:.]/g, '')}-${randomBytes(4).toString('hex')}`,
    scenario: 'steady' as const,
    fault: null,
    toolVersion: toolVersion(),
    intent,
    cluster: cluster.description,
  };
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
  try {
    await (observeOnly ? recordObserved : recordSteady)({ cluster, intent, writer, progress, signal });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
}
