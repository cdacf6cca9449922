import { labelled } from '../../../harness/kube/run-labels.ts';
import { podsReady, waitFor } from '../../../harness/kube/wait.ts';
import type { Lifecycle } from '../../../harness/model/cluster.ts';
import { describePod } from '../demo/demo-apps.ts';
import { demoPod } from '../demo/objects.ts';
import type { Kind } from '../kind.ts';

export interface LifecycleOptions {
  readonly kind: Kind;
  /** Image of demo pods. */
  readonly image: string;
  readonly progress: (line: string) => void;
  readonly disable: () => Promise<void>;
}

const READY_MS = 300_000;
const AGENT = 'k8s-app=cilium';

/** Changes of a kind cluster with Cilium, through the API as users make them. */
export function kindLifecycle({ kind, image, progress, disable }: LifecycleOptions): Lifecycle {
  const { kube, description } = kind;
  const waiting = { limitMs: READY_MS, progress };
  const fixed = (what: string) => (): Promise<never> =>
    Promise.reject(new RangeError(`a node cannot ${what} kind cluster ${description.name}: kind makes all nodes at once`));
  return {
    restartAgent: async (node) => {
      const [pod] = (await kube.list('v1', 'Pod', 'kube-system', AGENT)).filter(
        (each) => (each.spec as { nodeName?: string }).nodeName === node,
      );
      if (pod === undefined) throw new RangeError(`no agent pod on ${node}`);
      await kube.remove(pod);
      await podsReady(kube, { namespace: 'kube-system', labelSelector: AGENT, count: description.nodes.length }, waiting);
    },
    addPod: async ({ namespace, name, node }, started) => {
      const own = `wirewitness.io/pod=${name}`;
      const labels = { 'wirewitness.io/pod': name };
      await kube.apply(labelled(demoPod({ namespace, name, node, labels, image }), description.name));
      const [ready] = await podsReady(kube, { namespace, labelSelector: own, count: 1 }, waiting);
      if (ready === undefined) throw new RangeError(`pod ${namespace}/${name} is not there although it was ready`);
      const pod = describePod(ready);
      await started(pod);
      return pod;
    },
    deletePod: async (pod) => {
      const [namespace = '', name = ''] = pod.split('/');
      const reference = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace } };
      await kube.remove(reference, 0);
      await waitFor({
        ...waiting,
        what: `pod ${pod} to be gone`,
        look: async () => ((await kube.read(reference)) === undefined ? { done: undefined } : { missing: 'it is still there' }),
      });
    },
    joinNode: fixed('join'),
    leaveNode: fixed('leave'),
    disableEncryption: disable,
  };
}
