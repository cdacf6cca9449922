import type { Cluster } from '../model/cluster.ts';
import { SECRET_MARKS, type Snapshot } from '../model/recording.ts';
import type { Shell } from '../model/shell.ts';
import { LIMITS_MS } from '../proc/limits.ts';
import { asUnanswered } from '../proc/unanswered.ts';
import type { Collector } from '../stacks/collector.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { redactOutput } from './redact-output.ts';
import type { RecordingSession } from './session.ts';

/** Commands in flight for a node at once: more gains nothing where a machine has few cores. */
const AT_ONCE = 2;

/** Read the cluster's state once and write every output, with the command, the exit code and the times. */
export async function collectSnapshot(session: RecordingSession, snapshot: Snapshot): Promise<void> {
  const { writer, cluster, intent } = session;
  writer.event('snapshot-started', { snapshot });
  const queues = Map.groupBy(stackOf(intent).collectors(cluster.description, intent, snapshot), (collector) => collector.node);
  await Promise.all(
    [...queues.values()].flatMap((collectors) => {
      const numbered = collectors.entries();
      return Array.from({ length: AT_ONCE }, async () => {
        for (const [index, collector] of numbered) await collectOne(session, snapshot, collector, index);
      });
    }),
  );
  cluster.keys.eachSecret?.(session.marker.add);
  await writer.text(SECRET_MARKS, `${JSON.stringify(session.marker.marks(), null, 1)}\n`);
  writer.event('snapshot-ended', { snapshot });
  await writer.checkpoint();
}

/**
 * Run one command and write its output, keys redacted; the session's vault sees it before and holds it in memory only.
 *
 * @param index sets the outputs of one snapshot and place apart
 */
export async function collectOne(session: RecordingSession, snapshot: Snapshot, collector: Collector, index: number): Promise<void> {
  const { writer, cluster, signal, fingerprint, vault } = session;
  const shell = shellOf(cluster, collector);
  if (shell === undefined) return;
  const startedAt = writer.now();
  const { argv } = collector;
  const options = { timeoutMs: LIMITS_MS.read, idempotent: true, ...(signal === undefined ? {} : { signal }) };
  // A slow or lost command costs its own output: what it would have said is not read, and the judge is told why.
  const result = await shell.run(argv, options).catch(asUnanswered(argv));
  const endedAt = writer.now();
  const base = `commands/${snapshot}/${collector.node ?? collector.shell}/${String(index).padStart(2, '0')}-${collector.collector}`;
  // Samples are many and prove nothing that the snapshots around them do not.
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
  if (shell === 'api') return cluster.api;
  if (shell === 'wire') return cluster.wire?.shell;
  // What a cluster declares that it cannot give is not asked for; the judge reads the declaration.
  if (node === null || cluster.description.capabilities[`${shell}-shell`]?.available === false) return undefined;
  return shell === 'host' ? cluster.host(node) : cluster.agent(node);
}
