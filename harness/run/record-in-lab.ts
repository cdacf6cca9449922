import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { DatapathOptions } from '../../clusters/datapath/context.ts';
import { createDatapath } from '../../clusters/datapath/datapath.ts';
import type { Lab } from '../../clusters/lab/lab.ts';
import type { Cluster, FaultMoment } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import type { RunClock } from '../record/run-clock.ts';
import { scenarios } from '../record/scenarios.ts';
import type { FlowChoice } from '../record/steady.ts';
import { toolVersion } from './tool-version.ts';

/** Options of the datapath that a recording passes on: which keys there are, and what a rotation does with them. */
type KeyOptions = Pick<DatapathOptions, 'keyId' | 'key' | 'graceMs' | 'wireguardRotation'>;

/** One recording to be made in a lab that is up. */
export interface LabRecording extends KeyOptions {
  readonly lab: Lab;
  readonly intent: Intent;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  /** Receives `recording/`. */
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock: RunClock;
  readonly flows?: FlowChoice;
  /** Default true: an un-encrypted phase comes first. */
  readonly clearPhase?: boolean;
  /** Done when the captures of the judged phase are ready, before its flows are driven. */
  readonly meanwhile?: () => Promise<void>;
}

/** Record one scenario in a lab that is up, and leave the lab as clean as it was; rejects when it can't be made clean. */
export async function recordInLab(recording: LabRecording): Promise<void> {
  const { lab, intent, scenario, fault, folder, progress, signal, clock, flows = 'all', clearPhase = true, meanwhile, ...rest } = recording;
  const keys: KeyOptions = rest;
  const { description } = lab;
  const { nodes, pods } = description;
  const last = nodes.at(-1)?.name;
  const datapath = createDatapath({
    ...keys,
    ...{ intent, nodes, pods, host: lab.host, pod: lab.pod, podKeeper: lab.pods, progress },
    ...(scenario === 'node-join' && last !== undefined ? { heldBack: [last] } : {}),
  });
  const honest: Cluster = {
    description,
    host: lab.host,
    agent: (node) => datapath.agent(node),
    wire: lab.wire,
    api: datapath.api,
    workloads: { shell: lab.pod, exec: (pod, argv) => lab.pod(pod).run(argv) },
    keys: datapath.keys,
    faults: datapath.faults,
    lifecycle: datapath.lifecycle,
    // The lab outlives the recordings made in it and is disposed of by its owner.
    [Symbol.asyncDispose]: async () => undefined,
  };
  const moment = fault === null ? null : momentOf(honest, fault);
  const cluster = fault !== null && moment === 'disguise' ? datapath.faults.disguise(fault, honest) : honest;
  const run = scenarios[scenario];
  if (run === undefined) throw new RangeError(`scenario ${scenario} cannot be recorded in the lab`);
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
    if (clearPhase) {
      progress('laying out the un-encrypted datapath');
      await datapath.layPlain();
    }
    const enable = async (): Promise<void> => {
      await at('instead-of-enable');
      await datapath.enable();
      await at('after-enable');
      await at('scenario');
    };
    if (!clearPhase) await enable();
    const duringTraffic = async (): Promise<void> => {
      await at('during-traffic');
      await meanwhile?.();
    };
    await run({ cluster, intent, writer, progress, signal, duringTraffic, flows, ...(clearPhase ? { enable } : {}) });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
  await datapath.disable();
}

function momentOf(cluster: Cluster, fault: string): FaultMoment | null {
  return cluster.faults?.list().find(({ id }) => id === fault)?.when ?? null;
}
