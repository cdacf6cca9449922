import type { Kube } from '../../harness/kube/kube.ts';
import { KubeError } from '../../harness/kube/kube-error.ts';
import { type KubeObject, nodeOfPod } from '../../harness/kube/object.ts';
import { isReady } from '../../harness/kube/wait.ts';
import type { AgentSight, ClusterSight, ClusterWatch, EncryptionKeys } from '../../harness/model/cluster.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { AGENT_LABEL } from '../../harness/stacks/cilium/names.ts';
import { imageVersion } from './declared-claims.ts';
import { nodesHolding, publishedId } from './rotate-key.ts';

export interface CiliumWatchOptions {
  readonly kube: Kube;
  /** Namespace of the agents. */
  readonly namespace: string;
  readonly nodes: readonly string[];
  /** Absent if users do not change the key. */
  readonly keys?: EncryptionKeys;
  readonly host: (node: string) => Shell;
}

/** Observes a cluster with Cilium through its API: the key Secret's id and a hash, what the nodes publish, the agents' pods. */
export function ciliumWatch({ kube, namespace, nodes, keys, host }: CiliumWatchOptions): ClusterWatch {
  return {
    look: async () => {
      const [pods, ciliumNodes, key] = await Promise.all([
        kube.list('v1', 'Pod', namespace, AGENT_LABEL),
        kube.list('cilium.io/v2', 'CiliumNode'),
        keyOf(keys),
      ]);
      const agents = nodes.flatMap((node): [string, AgentSight][] => {
        const agent = pods.find((pod) => nodeOfPod(pod) === node && pod.metadata.deletionTimestamp === undefined);
        return agent === undefined ? [] : [[node, sightOf(agent)]];
      });
      const published = ciliumNodes.flatMap((node): [string, number][] => {
        const id = publishedId(node);
        return id === undefined ? [] : [[node.metadata.name, id]];
      });
      return { key, published: Object.fromEntries(published), agents: Object.fromEntries(agents) };
    },
    holding: (keyId) => nodesHolding(keyId, nodes, host),
  };
}

/** Without access to the Secret, what the nodes publish can still be read. */
async function keyOf(keys: EncryptionKeys | undefined): Promise<ClusterSight['key']> {
  if (keys === undefined) return null;
  try {
    const { id, fingerprint } = await keys.current();
    return { id, fingerprint };
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return null;
    throw error;
  }
}

interface PodStatus {
  readonly containerStatuses?: readonly { readonly restartCount?: number }[];
}

function sightOf(pod: KubeObject): AgentSight {
  const restarts = ((pod.status ?? {}) as PodStatus).containerStatuses?.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0) ?? 0;
  return {
    instance: `${pod.metadata.uid ?? pod.metadata.name}/${restarts}`,
    ready: isReady(pod),
    version: imageVersion(pod.spec)[0] ?? 'unknown',
  };
}
