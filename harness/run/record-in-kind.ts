import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createDatapath } from '../../clusters/datapath/datapath.ts';
import type { Kind } from '../../clusters/kind/kind.ts';
import type { Cluster, FaultMoment } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import type { RunClock } from '../record/run-clock.ts';
import { scenarios } from '../record/scenarios.ts';
import { ExitError } from './exit-error.ts';
import { toolVersion } from './tool-version.ts';

/** One recording to be made in a kind cluster that is up. */
export interface KindRecording {
  readonly kind: Kind;
  readonly intent: Intent;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  /** Receives `recording/`. */
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock: RunClock;
}

/** Record one scenario on the reference datapath: real kubelets, pods, exec and packets; Cilium's control plane is stood in for. */
export async function recordInKind(recording: KindRecording): Promise<void> {
  const { kind, intent, scenario, fault, folder, progress, signal, clock } = recording;
  const { description, wire } = kind;
  const { nodes, pods } = description;
  const last = nodes.at(-1)?.name;
  const datapath = createDatapath({
    ...{ intent, nodes, pods, host: kind.host, pod: kind.pod, podKeeper: kind.pods, progress },
    ...(scenario === 'node-join' && last !== undefined ? { heldBack: [last] } : {}),
  });
  const honest: Cluster = {
    description,
    host: kind.host,
    agent: (node) => datapath.agent(node),
    wire,
    api: datapath.api,
    workloads: { shell: kind.traffic, exec: (pod, argv) => kind.podExec(pod).run(argv) },
    keys: datapath.keys,
    lifecycle: datapath.lifecycle,
    faults: datapath.faults,
    // The cluster outlives the recordings made in it and is disposed of by its owner.
    [Symbol.asyncDispose]: async () => undefined,
  };
  const moment = fault === null ? null : (datapath.faults.list().find(({ id }) => id === fault)?.when ?? null);
  const cluster = fault !== null && moment === 'disguise' ? datapath.faults.disguise(fault, honest) : honest;
  const run = scenarios[scenario];
  if (run === undefined) throw ExitError.usage(`--scenario ${scenario}: it cannot be recorded in kind`);
  const header = {
    runId: `${new Date().toISOString().replace(/[:.]/g, '')}-${randomBytes(4).toString('hex')}`,
    scenario,
    fault,
    toolVersion: toolVersion(),
    intent,
    cluster: description,
  };
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, clock);
  const at = async (now: FaultMoment): Promise<void> => {
    if (fault === null || moment !== now) return;
    writer.event('fault', { fault, moment });
    await datapath.faults.inject(fault);
  };
  try {
    progress('laying out the un-encrypted datapath');
    await datapath.layPlain();
    const enable = async (): Promise<void> => {
      await at('instead-of-enable');
      await datapath.enable();
      await at('after-enable');
      await at('scenario');
    };
    await run({ cluster, intent, writer, progress, signal, enable, duringTraffic: () => at('during-traffic') });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
  await datapath.disable();
}
