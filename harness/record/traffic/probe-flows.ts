import type { PlannedFlow } from './planned-flow.ts';

/** Protocols of each path when time is short, between one pod of each node. */
const PROBED: Readonly<Record<PlannedFlow['path'], readonly PlannedFlow['protocol'][]>> = {
  'pod-pod': ['tcp', 'udp', 'icmp', 'sctp'],
  'pod-service': ['tcp'],
  'pod-node': ['icmp', 'tcp', 'udp'],
  'node-pod': ['icmp', 'tcp', 'udp'],
  'node-node': ['icmp', 'udp'],
  'same-node': ['udp'],
  'outside-node': [],
  'outside-pod': ['tcp'],
  'pod-health': ['tcp'],
  'node-health': [],
  'pod-egress': ['tcp', 'udp'],
};

/**
 * The flows of the whole matrix that a probe drives: for each ordered pair of nodes every path, between one pod of each node, a large flow,
 * and a service from one pod of each node that is not its backend.
 *
 * @param onNode also TCP between two pods of each node
 */
export function probeFlows(flows: readonly PlannedFlow[], onNode = false): PlannedFlow[] {
  const taken = new Set<string>();
  return flows.filter(({ path, protocol, family, source, destination, bytes }) => {
    if (!PROBED[path].includes(protocol) && !(onNode && path === 'same-node' && protocol === 'tcp')) return false;
    // The first of a kind between two nodes; a service has no node, so the first call from each node.
    const kind = [path, protocol, family, source.node, destination.node, bytes > 0].join();
    if (taken.has(kind)) return false;
    taken.add(kind);
    return true;
  });
}
