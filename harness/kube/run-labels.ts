import type { Kube } from './kube.ts';
import type { KubeObject } from './object.ts';
import { waitFor } from './wait.ts';

/** Carried by everything that is created in a cluster; the value is the run's id. */
export const RUN_LABEL = 'wirewitness.io/run';
const NAME_LABEL = 'app.kubernetes.io/managed-by';

/** The object with the labels by which it is found and removed. */
export function labelled<Value extends KubeObject>(object: Value, run: string): Value {
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, [NAME_LABEL]: 'wirewitness', [RUN_LABEL]: run } },
  };
}

/** Kinds that are ever created, in the order in which they are removed; a namespace takes along what is in it. */
const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['apps/v1', 'DaemonSet'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'Namespace'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
];

/** What a run left in the cluster; every run's without an id. */
export async function createdBy(kube: Kube, run?: string): Promise<KubeObject[]> {
  const selector = run === undefined ? RUN_LABEL : `${RUN_LABEL}=${run}`;
  const found = await Promise.all(KINDS.map(([apiVersion, kind]) => kube.list(apiVersion, kind, undefined, selector)));
  return found.flat();
}

const GONE_MS = 120_000;

/** Remove everything that carries the label, and wait until it is gone. Returns what was removed. */
export async function removeRun(
  kube: Kube,
  run: string | undefined,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<KubeObject[]> {
  const found = await createdBy(kube, run);
  for (const object of found) await kube.remove(object, 0);
  if (found.length > 0)
    await waitFor({
      what: `what ${run === undefined ? 'earlier runs' : `run ${run}`} created to be gone`,
      limitMs: GONE_MS,
      progress,
      ...(signal === undefined ? {} : { signal }),
      look: async () => {
        const left = await createdBy(kube, run);
        return left.length === 0
          ? { done: undefined }
          : { missing: `${left.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')} left` };
      },
    });
  return found;
}
