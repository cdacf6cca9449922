import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createDatapath } from '../../clusters/datapath/datapath.ts';
import { type Lab, startLab } from '../../clusters/lab/lab.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import { RunClock } from '../record/run-clock.ts';
import { recordSteady } from '../record/steady.ts';
import { toolVersion } from './tool-version.ts';

export interface LabRunOptions {
  /** One recording for each, one after the other in the same lab. */
  readonly intents: readonly Intent[];
  readonly nodes: number;
  readonly fault: string | null;
  /** Receives a folder a mode, each with `recording/`. */
  readonly out: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called after each mode, while the lab is still up. */
  readonly recorded: (folder: string, intent: Intent) => Promise<void>;
}

/** Bring a lab up, record every intent in it, and take it down again, whatever happens. */
export async function runInLab(options: LabRunOptions): Promise<void> {
  const { intents, nodes, fault, out, progress, signal, recorded } = options;
  const clock = new RunClock();
  await using lab = await startLab({ nodes, signal, progress });
  for (const intent of intents) {
    signal.throwIfAborted();
    const folder = join(out, intent.mode);
    await recordInLab({ lab, intent, fault, folder, progress: (line) => progress(`${intent.mode}: ${line}`), signal, clock });
    await recorded(folder, intent);
  }
  progress('taking the lab down');
}

interface LabRecording {
  readonly lab: Lab;
  readonly intent: Intent;
  readonly fault: string | null;
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock: RunClock;
}

async function recordInLab({ lab, intent, fault, folder, progress, signal, clock }: LabRecording): Promise<void> {
  const { description } = lab;
  const datapath = createDatapath({ intent, nodes: description.nodes, pods: description.pods, host: lab.host, pod: lab.pod, progress });
  const cluster: Cluster = {
    description,
    host: lab.host,
    agent: (node) => datapath.agent(node),
    wire: lab.wire,
    api: datapath.api,
    workloads: { shell: lab.pod, exec: (pod, argv) => lab.pod(pod).run(argv) },
    keys: datapath.keys,
    faults: datapath.faults,
    // The lab outlives the recordings made in it and is disposed of by its owner.
    [Symbol.asyncDispose]: async () => undefined,
  };
  const header = {
    runId: `${new Date().toISOString().replace(/[:.]/g, '')}-${randomBytes(4).toString('hex')}`,
    scenario: 'steady',
    fault,
    toolVersion: toolVersion(),
    intent,
    cluster: description,
  };
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, clock);
  try {
    progress('laying out the un-encrypted datapath');
    await datapath.layPlain();
    const enable = async (): Promise<void> => {
      const moment = fault === null ? null : datapath.faults.moment(fault);
      const inject = async (): Promise<void> => {
        if (fault === null) return;
        writer.event('fault', { fault, moment });
        await datapath.faults.inject(fault);
      };
      if (moment === 'instead-of-enable') await inject();
      await datapath.enable();
      if (moment === 'after-enable') await inject();
    };
    await recordSteady({ cluster, intent, writer, progress, signal, enable });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
  await datapath.disable();
}
