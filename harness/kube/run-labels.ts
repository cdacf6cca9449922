import type { Kube } from './kube.ts';
import type { KubeObject } from './object.ts';
import { waitFor } from './wait.ts';

/** Label of everything that is created in a cluster; the value is the run's id. */
export const RUN_LABEL = 'wirewitness.io/run';
const NAME_LABEL = 'app.kubernetes.io/managed-by';

/** The object with the labels by which it is found and removed. */
export function labelled(object: KubeObject, run: string): KubeObject {
  return {
    ...object,
    metadata: { ...object.metadata, labels: { ...object.metadata.labels, [NAME_LABEL]: 'wirewitness', [RUN_LABEL]: run } },
  };
}

/** All kinds that are created, in the order of removal; removing a namespace removes what is in it. */
const KINDS: readonly (readonly [apiVersion: string, kind: string])[] = [
  ['apps/v1', 'DaemonSet'],
  ['v1', 'Pod'],
  ['v1', 'Service'],
  ['v1', 'Namespace'],
];

/** What to remove. */
export interface Leftovers {
  /** Without an id, of every run. */
  readonly run?: string;
  /** Search only in this namespace, where access is limited to it; the namespace itself is then not removed. */
  readonly namespace?: string;
}

/** The objects that runs left in the cluster. */
export async function createdBy(kube: Kube, { run, namespace }: Leftovers): Promise<KubeObject[]> {
  const selector = run === undefined ? RUN_LABEL : `${RUN_LABEL}=${run}`;
  const kinds = namespace === undefined ? KINDS : KINDS.filter(([, kind]) => kind !== 'Namespace');
  const found = await Promise.all(kinds.map(([apiVersion, kind]) => kube.list(apiVersion, kind, namespace, selector)));
  return found.flat();
}

const GONE_MS = 120_000;

/** Remove everything that carries the label, and wait until it is gone. Returns what was removed. */
export async function removeRun(kube: Kube, left: Leftovers, progress: (line: string) => void): Promise<KubeObject[]> {
  const found = await createdBy(kube, left);
  for (const object of found) await kube.remove(object, 0);
  if (found.length > 0)
    await waitFor({
      what: `what ${left.run === undefined ? 'earlier runs' : `run ${left.run}`} created to be gone`,
      limitMs: GONE_MS,
      progress,
      look: async () => {
        const still = await createdBy(kube, left);
        return still.length === 0
          ? { done: undefined }
          : { missing: `${still.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(', ')} left` };
      },
    });
  return found;
}
