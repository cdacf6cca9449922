import type { WantedPod, WantedService, Workload } from '../manifests/load.ts';

/** Label with the role of a demo pod. */
const ROLE_LABEL = 'wirewitness.io/role';

/** Label with the name of a demo pod, by which a service selects it alone. */
export const POD_LABEL = 'wirewitness.io/pod';

/** Number of nodes with a second pod, which is a backend of the service: with two, calls of each client reach another node. */
const SERVERS = 2;

/**
 * The demo pods of a cluster of any size: `client-N` on every node, so that every pair of nodes has traffic, and `server-1` and `server-2`
 * on the first two nodes, for the service and for traffic that stays on a node.
 */
export function demoWorkload(namespace: string, nodes: readonly string[]): Workload {
  const pod = (role: string, index: number, node: string): WantedPod => {
    const name = `${role}-${index + 1}`;
    const labels = { 'app.kubernetes.io/name': 'wirewitness-demo', [ROLE_LABEL]: role, [POD_LABEL]: name };
    return { name, namespace, labels, pinned: node };
  };
  const service: WantedService = { name: 'server', namespace, selector: { [ROLE_LABEL]: 'server' }, port: 80, targetPort: 80 };
  return {
    pods: [
      ...nodes.map((node, index) => pod('client', index, node)),
      ...nodes.slice(0, SERVERS).map((node, index) => pod('server', index, node)),
    ],
    services: [service],
  };
}
