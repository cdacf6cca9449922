import { stringify } from 'yaml';
import type { Family } from '../../../harness/model/mode.ts';

/** Shape of a kind cluster. */
export interface KindShape {
  /** Number of nodes: one control plane, the others workers. */
  readonly nodes: number;
  /** IP families of nodes, pods and services. */
  readonly families: readonly Family[];
}

/** Pod subnets by family, kind's own defaults (kind.sigs.k8s.io, configuration, pod subnet). */
export const POD_CIDRS: Readonly<Record<Family, string>> = { ipv4: '10.244.0.0/16', ipv6: 'fd00:10:244::/56' };

/** kind's configuration (kind.x-k8s.io/v1alpha4): no default CNI, because the encrypting product brings the pod network. */
export function kindConfig({ nodes, families }: KindShape): string {
  if (!Number.isInteger(nodes) || nodes < 2) throw new RangeError(`${nodes} nodes: encryption between nodes needs 2 or more`);
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: {
      disableDefaultCNI: true,
      ipFamily: families.length > 1 ? 'dual' : families[0],
      podSubnet: families.map((family) => POD_CIDRS[family]).join(','),
    },
    nodes: Array.from({ length: nodes }, (_, index) => ({ role: index === 0 ? 'control-plane' : 'worker' })),
  });
}
