import type { WantedPod, WantedService, Workload } from '../manifests/load.ts';

/** Label that says what a demo pod does in the traffic. */
const ROLE_LABEL = 'wirewitness.io/role';

/** How many nodes have a second pod, which answers for the service: with two, each client's calls cross to another node. */
const SERVERS = 2;

/**
 * The demo pods of a cluster of any size: `client-N` on every node, so that every pair of nodes is crossed, and `server-1` and `server-2`
 * beside them on the first two, for the service and for traffic that stays on a node.
 */
export function demoWorkload(namespace: string, nodes: readonly string[]): Workload {
  const pod = (role: string, index: number, node: string): WantedPod => ({
    name: `${role}-${index + 1}`,
    namespace,
    labels: { 'app.kubernetes.io/name': 'wirewitness-demo', [ROLE_LABEL]: role },
    pinned: node,
  });
  const service: WantedService = { name: 'server', namespace, selector: { [ROLE_LABEL]: 'server' }, port: 80, targetPort: 80 };
  return {
    pods: [
      ...nodes.map((node, index) => pod('client', index, node)),
      ...nodes.slice(0, SERVERS).map((node, index) => pod('server', index, node)),
    ],
    services: [service],
  };
}
