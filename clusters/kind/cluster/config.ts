import { stringify } from 'yaml';

/** What a kind cluster is to be. */
export interface KindShape {
  /** Nodes in all: one control plane, the others workers. */
  readonly nodes: number;
  readonly podSubnet?: string;
}

/** kind's configuration (kind.x-k8s.io/v1alpha4): no default CNI, because whoever encrypts brings the pod network. */
export function kindConfig({ nodes, podSubnet = '10.244.0.0/16' }: KindShape): string {
  if (!Number.isInteger(nodes) || nodes < 2) throw new RangeError(`${nodes} nodes: encryption between nodes needs 2 or more`);
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    networking: { disableDefaultCNI: true, podSubnet },
    nodes: Array.from({ length: nodes }, (_, index) => ({ role: index === 0 ? 'control-plane' : 'worker' })),
  });
}
