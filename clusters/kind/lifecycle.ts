import type { Lifecycle } from '../../harness/model/cluster.ts';
import { NAMESPACE } from '../../harness/stacks/cilium/names.ts';
import { restartCiliumAgents } from '../cilium/restart-agents.ts';
import type { Kind } from './kind.ts';

export interface LifecycleOptions {
  readonly kind: Kind;
  readonly progress: (line: string) => void;
  readonly disable: () => Promise<void>;
  readonly upgrade?: () => Promise<void>;
}

const READY_MS = 300_000;

/** Changes of a kind cluster with Cilium, through the API as users make them. */
export function kindLifecycle({ kind, progress, disable, upgrade }: LifecycleOptions): Partial<Lifecycle> {
  const { kube, description, pods } = kind;
  const waiting = { limitMs: READY_MS, progress };
  const fixed = (what: string) => (): Promise<never> =>
    Promise.reject(new RangeError(`a node cannot ${what} kind cluster ${description.name}: kind creates all nodes at once`));
  return {
    restartAgent: (node) => restartCiliumAgents(kube, NAMESPACE, waiting, [node]),
    addPod: async (wanted, started) => {
      const pod = await pods.add(wanted);
      await started(pod);
      return pod;
    },
    deletePod: (pod) => pods.remove(pod),
    joinNode: fixed('join'),
    leaveNode: fixed('leave'),
    disableEncryption: disable,
    ...(upgrade === undefined ? {} : { upgrade }),
  };
}
