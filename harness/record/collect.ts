import type { Cluster } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import type { Snapshot } from '../model/recording.ts';
import type { Shell } from '../model/shell.ts';
import { type Collector, collectorsFor } from './collectors.ts';
import type { KeyVault } from './proofs/key-vault.ts';
import type { RecordingWriter } from './recording-writer.ts';
import { redactOutput } from './redact-output.ts';

const COMMAND_MS = 30_000;
/** Commands in flight for a node at once: more gains nothing where a machine has few cores. */
const AT_ONCE = 2;

/**
 * Read the cluster's state once and write every output, with the command, the exit code and the times.
 *
 * @param vault sees the outputs before their keys are redacted; holds them in memory only
 */
export async function collectSnapshot(
  writer: RecordingWriter,
  cluster: Cluster,
  intent: Intent,
  snapshot: Snapshot,
  fingerprint: (key: Uint8Array) => string,
  signal?: AbortSignal,
  vault?: KeyVault,
): Promise<void> {
  writer.event('snapshot-started', { snapshot });
  const queues = Map.groupBy(collectorsFor(cluster.description, intent, snapshot), (collector) => collector.node);
  await Promise.all(
    [...queues.values()].flatMap((collectors) => {
      const numbered = collectors.entries();
      return Array.from({ length: AT_ONCE }, async () => {
        for (const [index, collector] of numbered)
          await collectOne(writer, cluster, snapshot, collector, index, fingerprint, signal, vault);
      });
    }),
  );
  writer.event('snapshot-ended', { snapshot });
  await writer.checkpoint();
}

async function collectOne(
  writer: RecordingWriter,
  cluster: Cluster,
  snapshot: Snapshot,
  collector: Collector,
  index: number,
  fingerprint: (key: Uint8Array) => string,
  signal?: AbortSignal,
  vault?: KeyVault,
): Promise<void> {
  const shell = shellOf(cluster, collector);
  if (shell === undefined) return;
  const startedAt = writer.now();
  const result = await shell.run(collector.argv, { timeoutMs: COMMAND_MS, ...(signal === undefined ? {} : { signal }) });
  const endedAt = writer.now();
  const base = `commands/${snapshot}/${collector.node ?? collector.shell}/${String(index).padStart(2, '0')}-${collector.collector}`;
  if (result.exitCode === 0) vault?.see(snapshot, collector, result.stdout);
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
  if (node === null) return undefined;
  return shell === 'host' ? cluster.host(node) : cluster.agent(node);
}
