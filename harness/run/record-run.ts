import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Cluster, FaultMoment } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { recordObserved } from '../record/observe.ts';
import { RecordingWriter } from '../record/recording-writer.ts';
import type { RunClock } from '../record/run-clock.ts';
import { type Scenario, scenarios } from '../record/scenarios.ts';
import type { Observation } from '../record/session.ts';
import type { FlowChoice } from '../record/steady.ts';
import { thenAlways } from '../record/then-always.ts';
import { nextSample, type Sampling } from './next-sample.ts';
import { toolVersion } from './tool-version.ts';

/** What to record. */
export interface RunRecording {
  /** Opens the cluster to record; it is always disposed at the end. */
  readonly open: () => Promise<Cluster>;
  readonly intent: Intent;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  /** Receives `recording/`. */
  readonly folder: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  readonly clock: RunClock;
  readonly flows?: FlowChoice;
  /** Default: all ordered pairs of nodes in a small cluster, a new sample of them in a large one. */
  readonly sampling?: Sampling;
  /** Secret of the user, under which keys of several runs are compared. */
  readonly comparisonKey?: Uint8Array;
  /** For the scenario `observe`. */
  readonly observation?: Observation;
  /** Default true: begin with an un-encrypted phase, if the harness may turn encryption on. */
  readonly clearPhase?: boolean;
  /** Called when the captures of the judged phase are ready, before its flows are driven. */
  readonly meanwhile?: () => Promise<void>;
}

/**
 * Record one scenario in one cluster, and clean up the cluster.
 * @throws the error that ended the recording, which is then kept as incomplete, or the error of the cleanup
 */
export async function recordRun(recording: RunRecording): Promise<void> {
  const { open, progress, signal } = recording;
  const cluster = await open();
  await thenAlways(
    () => record(cluster, recording),
    async () => cluster[Symbol.asyncDispose](),
    (error) => {
      // After an interruption the provider removes everything, and nothing can be reached any more.
      if (!signal.aborted)
        progress(`the cluster could not be cleaned up either: ${error instanceof Error ? error.message : String(error)}`);
    },
  );
}

async function record(real: Cluster, recording: RunRecording): Promise<void> {
  const {
    intent,
    scenario,
    fault,
    folder,
    progress,
    signal,
    clock,
    flows = 'all',
    clearPhase = true,
    meanwhile,
    sampling = {},
  } = recording;
  const observation = recording.observation === undefined ? {} : { observation: recording.observation };
  const comparing = recording.comparisonKey === undefined ? {} : { comparisonKey: recording.comparisonKey };
  const { faults } = real;
  const moment = fault === null ? null : (faults?.list().find(({ id }) => id === fault)?.when ?? null);
  const cluster = fault !== null && moment === 'false-answers' && faults !== undefined ? faults.withFalseAnswers(fault, real) : real;
  const { description } = real;
  const runId = `${new Date().toISOString().replace(/[:.]/g, '')}-${randomBytes(4).toString('hex')}`;
  const sample = nextSample(description, sampling);
  const sampled = sample === undefined ? {} : { sample };
  const header = { runId, scenario, fault, toolVersion: toolVersion(), intent, cluster: cluster.description, ...sampled };
  const writer = await RecordingWriter.create(join(folder, 'recording'), header, clock);
  const at = async (now: FaultMoment): Promise<void> => {
    if (fault === null || moment !== now) return;
    writer.event('fault', { fault, moment });
    await faults?.inject(fault, (event, detail) => writer.event(event, { fault, ...detail }));
  };
  const enable = async (): Promise<void> => {
    await at('instead-of-enable');
    await real.enableEncryption?.();
    await at('after-enable');
    await at('scenario');
  };
  const duringTraffic = async (): Promise<void> => {
    await at('during-traffic');
    await meanwhile?.();
  };
  const mayEnable = real.enableEncryption !== undefined;
  try {
    if (mayEnable && !clearPhase) await enable();
    // If nothing may be created, the state is only read.
    const run: Scenario = description.capabilities.capture?.available === false ? recordObserved : scenarios[scenario];
    const enabling = mayEnable && clearPhase ? { enable } : {};
    await run({ cluster, intent, writer, progress, signal, duringTraffic, flows, sample, ...observation, ...comparing, ...enabling });
    await writer.finish();
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    await writer.finish(cause instanceof Error ? cause.message : String(cause));
    throw error;
  }
}
