import type { ClusterDescription, NodeDescription } from './cluster.ts';
import type { FlowVerdict } from './report.ts';

/**
 * Whether a flow went from a pod of one node to a pod of another, so that it shows how pod traffic between the two is treated. Calls of
 * services, pings of nodes and traffic inside a node do not.
 */
export function crossesNodes({ path, source, destination, verdict }: FlowVerdict): boolean {
  return path === 'pod-pod' && source.node !== null && source.node !== destination.node && verdict !== 'not-exercised';
}

/** The nodes of a cluster that could be recorded. The others belong to it all the same: their peers have SAs for them, and the claim is about them. */
export function reachedNodes({ nodes }: Pick<ClusterDescription, 'nodes'>): readonly NodeDescription[] {
  return nodes.filter(({ unreached }) => unreached === undefined);
}

/** Why nothing is said of a node. @param why what {@link NodeDescription} has as `unreached` */
export function notReached(node: string, why: string): string {
  return `${node} was not reached, so nothing is said of it: ${why}`;
}

/** Names of the cluster's nodes that no pod's traffic was driven from or to: nothing that was seen is evidence for them. */
export function untestedNodes({ nodes }: Pick<ClusterDescription, 'nodes'>, flows: readonly FlowVerdict[]): readonly string[] {
  const tested = new Set(flows.filter(crossesNodes).flatMap(({ source, destination }) => [source.node, destination.node]));
  return nodes.map(({ name }) => name).filter((name) => !tested.has(name));
}
