import type { Kube } from './kube.ts';
import { type KubeObject, type KubeReference, objectName } from './object.ts';
import { type Wait, waitFor } from './wait.ts';

interface RolloutStatus {
  readonly observedGeneration?: number;
  /** DaemonSet. */
  readonly desiredNumberScheduled?: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  /** Deployment. */
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
}

/**
 * Wait until a DaemonSet or Deployment runs as it is written now: its controller has read the newest generation, and every pod is of that
 * generation and available. Right after a change the status still describes the pods before it.
 */
export function rolledOut(kube: Kube, reference: KubeReference, options: Omit<Wait<KubeObject>, 'what' | 'look'>): Promise<KubeObject> {
  return waitFor({
    ...options,
    what: `${objectName(reference)} to be rolled out`,
    look: async () => {
      const found = await kube.read(reference);
      if (found === undefined) return { missing: 'it is not there' };
      const missing = notRolledOut(found);
      return missing === undefined ? { done: found } : { missing };
    },
  });
}

/** Why an object is not rolled out; undefined when it is. */
export function notRolledOut(object: KubeObject): string | undefined {
  const { generation = 0 } = object.metadata as { readonly generation?: number };
  const status = (object.status ?? {}) as RolloutStatus;
  const { observedGeneration = 0 } = status;
  if (observedGeneration < generation) return `its controller has read generation ${observedGeneration}, not yet ${generation}`;
  const daemon = object.kind === 'DaemonSet';
  const wanted = daemon ? status.desiredNumberScheduled : (object.spec as { readonly replicas?: number }).replicas;
  const updated = (daemon ? status.updatedNumberScheduled : status.updatedReplicas) ?? 0;
  const available = (daemon ? status.numberAvailable : status.availableReplicas) ?? 0;
  if (wanted === undefined || wanted === 0) return 'its controller asks for no pod yet';
  if (!daemon && (status.replicas ?? 0) > updated) return `${(status.replicas ?? 0) - updated} pod(s) of the earlier generation still run`;
  return updated >= wanted && available >= wanted ? undefined : `${updated} of ${wanted} updated, ${available} available`;
}
