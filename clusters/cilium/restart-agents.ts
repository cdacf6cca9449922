import type { Kube } from '../../harness/kube/kube.ts';
import { type KubeObject, nodeOfPod } from '../../harness/kube/object.ts';
import { rolledOut } from '../../harness/kube/rollout.ts';
import { isReady, type Wait, waitFor } from '../../harness/kube/wait.ts';
import { AGENT_DAEMONSET, AGENT_LABEL } from '../../harness/stacks/cilium/names.ts';

/** Limits and progress of a wait. */
export type Waiting = Omit<Wait<unknown>, 'what' | 'look'>;

/**
 * Delete agents' pods, as users restart them, and wait until new ones are ready.
 * @param nodes only of these nodes; all without it
 * @throws RangeError for a node that has no agent
 */
export async function restartCiliumAgents(kube: Kube, namespace: string, waiting: Waiting, nodes?: readonly string[]): Promise<void> {
  const pods = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
  const without = (nodes ?? []).filter((node) => !pods.some((pod) => nodeOfPod(pod) === node));
  if (without.length > 0) throw new RangeError(`no agent pod on ${without.join(', ')}`);
  const old = nodes === undefined ? pods : pods.filter((pod) => nodes.includes(nodeOfPod(pod)));
  for (const pod of old) await kube.remove(pod);
  await agentsReady(kube, namespace, waiting, old);
}

/**
 * Wait until every agent runs as its DaemonSet says now.
 * @param gone deleted pods, which do not count even if they still look ready
 */
export async function agentsReady(kube: Kube, namespace: string, waiting: Waiting, gone: readonly KubeObject[] = []): Promise<void> {
  const reference = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: AGENT_DAEMONSET, namespace } };
  const removed = new Set(gone.map(({ metadata }) => metadata.uid));
  const daemonSet = await rolledOut(kube, reference, waiting);
  const wanted = (daemonSet.status as { readonly desiredNumberScheduled?: number }).desiredNumberScheduled ?? 0;
  await waitFor({
    ...waiting,
    what: `${wanted} agents to be ready`,
    look: async () => {
      const pods = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
      const counted = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined && !removed.has(metadata.uid));
      const ready = counted.filter(isReady).length;
      return ready >= wanted && counted.length === ready ? { done: undefined } : { missing: `${ready} of ${wanted} ready` };
    },
  });
}
