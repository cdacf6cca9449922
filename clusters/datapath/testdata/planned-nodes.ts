import type { NodeDescription } from '../../../harness/model/cluster.ts';

/** Nodes with IPv4 addresses for tests of plans: node1 is 172.18.0.1 with pods in 10.0.1.0/24, and so on. */
export function plannedNodes(count: number): NodeDescription[] {
  return Array.from({ length: count }, (_, at) => at + 1).map((index) => ({
    name: `node${index}`,
    addresses: [`172.18.0.${index}`],
    podCidrs: [`10.0.${index}.0/24`],
    internalAddresses: [`10.0.${index}.1`],
    uplink: 'eth0',
  }));
}
