import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from '../model/cluster.ts';
import { COMPARABLE_KEYS_FILE } from '../model/comparable-keys.ts';
import { KEY_PATTERNS_FILE } from '../model/key-patterns.ts';
import { type Instant, SECRET_MARKS, type Snapshot } from '../model/recording.ts';
import { reachedNodes } from '../model/scope.ts';
import type { CommandResult, Shell } from '../model/shell.ts';
import { eachOf } from '../proc/each-of.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { asUnanswered } from '../proc/unanswered.ts';
import type { Collector } from '../stacks/collector.ts';
import type { ReadTogether } from '../stacks/stack.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { redactOutput } from './redact-output.ts';
import type { RecordingSession } from './session.ts';

/** Nodes that are read at the same time: an API server has other work too. */
const NODES_AT_ONCE = 24;
/** Commands run at once for a node: more do not help on a machine with few cores. */
const AT_ONCE = 2;
/**
 * Attempts to read outputs that contradict each other, and milliseconds between them: old SAs of a rotation are removed within seconds of
 * each other.
 */
const [TRIES, AGAIN_MS] = [4, 2000];

/** Read the cluster's state once and write every output, with command, exit code and times. */
export async function collectSnapshot(session: RecordingSession, snapshot: Snapshot): Promise<void> {
  const { writer, cluster, intent } = session;
  writer.event('snapshot-started', { snapshot });
  const { collectors, readTogether } = stackOf(intent);
  const queues = Map.groupBy([...collectors(cluster.description, intent, snapshot)], ({ node }) => node);
  await eachOf(queues.values(), NODES_AT_ONCE, async (queue) => {
    const numbered: Numbered[] = [...queue.entries()];
    const isTogether = ([, { collector }]: Numbered): boolean => readTogether?.collectors.includes(collector) === true;
    const apart = numbered.filter((each) => !isTogether(each));
    const byShell = Map.groupBy(apart, ([, { shell, alone = false }]) => (alone ? null : shell));
    const single: Numbered[] = byShell.get(null) ?? [];
    byShell.delete(null);
    await eachOf(byShell.values(), AT_ONCE, async (group) => {
      single.push(...(await collectBatch(session, snapshot, group)));
    });
    await eachOf(single, AT_ONCE, ([index, collector]) => collectOne(session, snapshot, collector, index));
    if (readTogether !== undefined) await collectTogether(session, snapshot, numbered.filter(isTogether), readTogether);
  });
  cluster.keys.eachSecret?.(session.marker.add);
  await writer.text(SECRET_MARKS, `${JSON.stringify(session.marker.marks(), null, 1)}\n`);
  await writer.text(KEY_PATTERNS_FILE, `${JSON.stringify({ schema: 1, keys: Object.fromEntries(session.patterns) }, null, 1)}\n`);
  if (session.comparable !== undefined) {
    const { under, keys } = session.comparable;
    await writer.text(COMPARABLE_KEYS_FILE, `${JSON.stringify({ schema: 1, under, keys: Object.fromEntries(keys) }, null, 1)}\n`);
  }
  writer.event('snapshot-ended', { snapshot });
  await writer.checkpoint();
}

/** What one shell of a node is asked, in one go where the shell can. Returns what has no answer and is to be asked by itself. */
async function collectBatch(session: RecordingSession, snapshot: Snapshot, group: readonly Numbered[]): Promise<readonly Numbered[]> {
  const { writer, cluster, signal } = session;
  const shell = shellOf(cluster, group[0]![1]);
  if (shell?.runEach === undefined) return group;
  const startedAt = writer.now();
  const options = { timeoutMs: LIMITS_MS.read, ...(signal === undefined ? {} : { signal }) };
  const answers = await shell.runEach(
    group.map(([, { argv }]) => argv),
    options,
  );
  const endedAt = writer.now();
  const missing: Numbered[] = [];
  for (const [place, [index, collector]] of group.entries()) {
    const result = answers[place] ?? null;
    if (result === null) missing.push([index, collector]);
    else await writeOne(session, snapshot, { collector, result, startedAt, endedAt }, index);
  }
  return missing;
}

type Numbered = readonly [index: number, collector: Collector];

/** The output of one command, with the time of the request. */
interface Reading {
  readonly collector: Collector;
  readonly result: CommandResult;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

/** One after the other, repeated while they contradict each other: the last reading is kept, and the journal says how many there were. */
async function collectTogether(
  session: RecordingSession,
  snapshot: Snapshot,
  group: readonly Numbered[],
  { difference }: ReadTogether,
): Promise<void> {
  const { writer, fingerprint, signal } = session;
  const differences: string[] = [];
  for (let tries = 1; ; tries += 1) {
    const readings: (readonly [number, Reading])[] = [];
    for (const [index, collector] of group) {
      const reading = await readOne(session, collector);
      if (reading !== null) readings.push([index, reading]);
    }
    const answers = readings.filter(([, { result }]) => result.exitCode === 0);
    const outputs = new Map(
      answers.map(([, { collector, result }]) => [collector.collector, redactOutput(collector, result, fingerprint).stdout]),
    );
    const found = difference(outputs);
    if (found !== null) differences.push(found);
    if (found !== null && tries < TRIES) {
      await pause(AGAIN_MS, undefined, signal === undefined ? {} : { signal });
      continue;
    }
    for (const [index, reading] of readings) await writeOne(session, snapshot, reading, index);
    if (tries > 1) writer.event('read-again', { snapshot, node: group[0]?.[1].node ?? null, tries, differences });
    return;
  }
}

/**
 * Run one command and write its output, keys redacted; before that the session's vault gets it, in memory only.
 *
 * @param index distinguishes the outputs of one snapshot and place
 */
export async function collectOne(session: RecordingSession, snapshot: Snapshot, collector: Collector, index: number): Promise<void> {
  const reading = await readOne(session, collector);
  if (reading !== null) await writeOne(session, snapshot, reading, index);
}

/** Null where the cluster has no such place. */
async function readOne({ writer, cluster, signal }: RecordingSession, collector: Collector): Promise<Reading | null> {
  const shell = shellOf(cluster, collector);
  if (shell === undefined) return null;
  const startedAt = writer.now();
  const { argv } = collector;
  const options = { timeoutMs: LIMITS_MS.read, idempotent: true, ...(signal === undefined ? {} : { signal }) };
  // A slow or lost command loses only its own output; the record gives the judge the reason.
  const result = await shell.run(argv, options).catch(asUnanswered(argv));
  return { collector, result, startedAt, endedAt: writer.now() };
}

async function writeOne(session: RecordingSession, snapshot: Snapshot, reading: Reading, index: number): Promise<void> {
  const { writer, fingerprint, vault } = session;
  const { collector, result, startedAt, endedAt } = reading;
  const base = `commands/${snapshot}/${collector.node ?? collector.shell}/${String(index).padStart(2, '0')}-${collector.collector}`;
  // Samples are many and prove no more than the snapshots before and after them.
  if (result.exitCode === 0 && snapshot !== 'sample') vault.see(snapshot, collector, result.stdout);
  const output = redactOutput(collector, result, fingerprint);
  await writer.text(`${base}.txt`, output.stdout);
  await writer.text(`${base}.err`, output.stderr);
  writer.command({
    snapshot,
    node: collector.node,
    shell: collector.shell,
    collector: collector.collector,
    argv: collector.argv,
    exitCode: result.exitCode,
    stdout: `${base}.txt`,
    stderr: `${base}.err`,
    startedAt,
    endedAt,
  });
}

function shellOf(cluster: Cluster, { shell, node }: Collector): Shell | undefined {
  if (node !== null && !reachedNodes(cluster.description).some(({ name }) => name === node)) return undefined;
  if (shell === 'api') return cluster.api;
  if (shell === 'wire') return cluster.wire?.shell;
  // What a cluster declares as not available is not requested; the judge reads the declaration.
  if (node === null || cluster.description.capabilities[`${shell}-shell`]?.available === false) return undefined;
  return shell === 'host' ? cluster.host(node) : cluster.agent(node);
}
