import { deleteKindCluster, kindClusters, removeKubeconfigs } from '../../clusters/kind/cluster/kind-cluster.ts';
import { CLUSTER_PREFIX } from '../../clusters/kind/names.ts';
import { openKube } from '../kube/kube.ts';
import { objectName } from '../kube/object.ts';
import { removeRun } from '../kube/run-labels.ts';
import { EXIT } from '../run/exit-codes.ts';

export interface CleanupFlags {
  readonly target: 'kind' | 'existing';
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly run?: string;
  readonly namespace?: string;
}

/** `wirewitness cleanup`: remove what killed runs left, and print what was removed. */
export async function cleanupCommand(flags: CleanupFlags): Promise<number> {
  const removed = flags.target === 'kind' ? await cleanKind() : await cleanExisting(flags);
  process.stdout.write(removed.length === 0 ? 'nothing is left of any run\n' : removed.map((name) => `removed ${name}\n`).join(''));
  return EXIT.supports;
}

async function cleanKind(): Promise<string[]> {
  const own = (await kindClusters()).filter((name) => name.startsWith(`${CLUSTER_PREFIX}-`));
  for (const name of own) await deleteKindCluster(name);
  await removeKubeconfigs();
  return own.map((name) => `kind cluster ${name}`);
}

async function cleanExisting(flags: CleanupFlags): Promise<string[]> {
  const removed = await removeRun(await openKube(flags), flags, (line) => process.stderr.write(`${line}\n`));
  return removed.map(objectName);
}
