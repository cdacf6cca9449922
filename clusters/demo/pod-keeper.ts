import type { Kube } from '../../harness/kube/kube.ts';
import { labelled } from '../../harness/kube/run-labels.ts';
import { podsReady, waitFor } from '../../harness/kube/wait.ts';
import type { PodDescription } from '../../harness/model/cluster.ts';
import { describePod } from './demo-apps.ts';
import { demoPod } from './objects.ts';
import { POD_LABEL } from './workload.ts';

/** Creates and deletes single pods in a cluster, through the API. */
export interface PodMaker {
  /** A pod that answers as the demo pods do; resolves when it is ready. */
  add(pod: { readonly namespace: string; readonly name: string; readonly node: string }): Promise<PodDescription>;
  /** By `namespace/name`; resolves when it is gone. */
  remove(name: string): Promise<void>;
}

const LIMIT_MS = 180_000;

/** @param run value of the run label */
export function podMaker(
  kube: Kube,
  options: { readonly image: string; readonly run: string; readonly progress: (line: string) => void },
): PodMaker {
  const { image, run, progress } = options;
  const waiting = { limitMs: LIMIT_MS, progress };
  return {
    add: async ({ namespace, name, node }) => {
      await kube.apply(labelled(demoPod({ namespace, name, node, image, labels: { [POD_LABEL]: name } }), run));
      const [ready] = await podsReady(kube, { namespace, labelSelector: `${POD_LABEL}=${name}`, count: 1 }, waiting);
      if (ready === undefined) throw new RangeError(`pod ${namespace}/${name} is not there although it was ready`);
      return describePod(ready);
    },
    remove: async (pod) => {
      const [namespace = '', name = ''] = pod.split('/');
      const reference = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
      await kube.remove(reference, 0);
      await waitFor({
        ...waiting,
        what: `pod ${pod} to be gone`,
        look: async () => ((await kube.read(reference)) === undefined ? { done: undefined } : { missing: 'it is still there' }),
      });
    },
  };
}
