import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { catalogue } from '../../../suites/catalogue.ts';
import { type Collection, fingerprintsOf } from '../../judge/digest/collection.ts';
import { writeDigest } from '../../judge/digest/digest-text.ts';
import { lost } from '../../judge/digest/merge-digests.ts';
import { digestOf, type NodeDigest, type NodeVerdict } from '../../judge/digest/node-digest.ts';
import { readNodeFacts } from '../../judge/digest/node-facts.ts';
import { isOfFacts } from '../../judge/judge.ts';
import type { Capability, Cluster, ClusterDescription } from '../../model/cluster.ts';
import { planOf } from '../../model/plan.ts';
import type { Recording } from '../../model/recording.ts';
import type { Shell } from '../../model/shell.ts';
import { plainFinding } from '../../model/verdict.ts';
import { collectSnapshot } from '../../record/collect.ts';
import { openRecording } from '../../record/open-recording.ts';
import { RecordingWriter } from '../../record/recording-writer.ts';
import { RunClock } from '../../record/run-clock.ts';
import { openSession } from '../../record/session.ts';

/** What a worker asks of its node. */
export interface NodeReading {
  readonly collection: Collection;
  /** One of the collection's nodes. */
  readonly node: string;
  /** The node's network namespace. */
  readonly shell: Shell;
  /** What is done between the two readings: the capture. */
  readonly between: () => Promise<void>;
  readonly signal: AbortSignal;
}

const ABSENT = {
  'agent-shell': 'a worker asks the kernel of its node, not the agent',
  'node-objects': 'a worker does not ask the API server',
  capture: 'frames are in the ledger of the node, not in its digest',
} as const;

/** Read a node's kernel before and after, and make its digest. The outputs are kept only as long as that takes; keys are replaced at once. */
export async function recordDigest({ collection, node, shell, between, signal }: NodeReading): Promise<string> {
  const { plan } = collection;
  const folder = await mkdtemp(join(tmpdir(), 'wirewitness-digest-'));
  try {
    const cluster = clusterOfNode(plan.cluster, node, shell);
    const header = { ...planOf(plan), runId: plan.run.id, cluster: cluster.description };
    const writer = await RecordingWriter.create(join(folder, 'recording'), header, new RunClock());
    using session = openSession({ cluster, intent: plan.intent, writer, progress: () => {}, signal }, collection.fingerprintKey);
    await collectSnapshot(session, 'before');
    await between();
    await collectSnapshot(session, 'after');
    await writer.finish();
    const recording = await openRecording(join(folder, 'recording'));
    return await digestText(withPlan(recording, collection), node, collection, 'worker');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The line of a node's digest from the outputs in a recording. */
export async function digestText(
  recording: Recording,
  node: string,
  collection: Collection,
  source: 'worker' | 'recording',
): Promise<string> {
  const { complete, note } = recording.manifest.run;
  const found = complete ? digestOf(await readNodeFacts(recording), node, catalogue) : lost(node, `its recording is not complete: ${note}`);
  const digest = source === 'worker' ? withoutOutside(found) : found;
  return writeDigest({ digest, fingerprints: fingerprintsOf(collection, source) }, collection);
}

/** A worker is on the node that it reads: what a check compares with something elsewhere would be compared with itself. A fault stays one. */
function withoutOutside(digest: NodeDigest): NodeDigest {
  const outside = new Set(catalogue.flatMap((check) => (isOfFacts(check) && check.comparesWithOutside === true ? [check.id] : [])));
  return { ...digest, verdicts: digest.verdicts.map((verdict) => (outside.has(verdict.id) ? notExercised(verdict) : verdict)) };
}

function notExercised({ id, verdict, expected, ...rest }: NodeVerdict): NodeVerdict {
  if (verdict === 'not-applicable' || verdict === 'contradicts') return { id, verdict, expected, ...rest };
  const why = 'a worker on the node has no other clock and no key Secret to compare with';
  return { id, ...plainFinding('not-exercised', why, expected), empty: false };
}

/** The node as a cluster for the recorder: all nodes are known, only this one can be asked, and only its kernel. */
function clusterOfNode(cluster: ClusterDescription, node: string, shell: Shell): Cluster {
  const nodes = cluster.nodes.map((one) => (one.name === node ? one : { ...one, unreached: 'another worker reads it' }));
  const never = (): never => {
    throw new Error(`a worker asks the kernel of ${node} only`);
  };
  return {
    description: { ...cluster, nodes, capabilities: { ...cluster.capabilities, ...absent() } },
    host: (name) => (name === node ? shell : never()),
    agent: never,
    wire: undefined,
    api: undefined,
    workloads: { shell: never },
    keys: { current: never },
    faults: undefined,
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The recording of one node, judged as a part of the whole cluster. */
function withPlan(recording: Recording, { plan }: Collection): Recording {
  const { intent, cluster } = plan;
  const { complete, note } = recording.manifest.run;
  const run = { ...plan.run, complete, note };
  const capabilities = { ...cluster.capabilities, ...absent() };
  return { ...recording, manifest: { ...recording.manifest, run, intent, cluster: { ...cluster, capabilities } } };
}

function absent(): Record<string, Capability> {
  return Object.fromEntries(Object.entries(ABSENT).map(([name, reason]) => [name, { available: false, reason }]));
}
