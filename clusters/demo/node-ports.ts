import type { Kube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { labelled } from '../../harness/kube/run-labels.ts';
import type { NodePort, PodDescription, ServiceDescription } from '../../harness/model/cluster.ts';
import { HTTP_PORT } from '../../harness/model/demo-ports.ts';
import { POD_LABEL } from './workload.ts';

/** `externalTrafficPolicy` of a NodePort, by how it is called here. */
const POLICIES = { cluster: 'Cluster', local: 'Local' } as const satisfies Partial<Record<NodePort['kind'], string>>;

/**
 * Open the first pod of each node to clients outside the cluster: a port of every node, and one of its own node alone. Each service has one
 * backend, so that it is known to which node a request goes on.
 * @returns the services, with the ports that the API server chose
 */
export async function openNodePorts(kube: Kube, pods: readonly PodDescription[], run: string): Promise<ServiceDescription[]> {
  const services: ServiceDescription[] = [];
  const first = [...Map.groupBy(pods, ({ node }) => node).values()].flatMap(([pod]) => pod ?? []);
  for (const { name, namespace } of first)
    for (const kind of ['cluster', 'local'] as const) {
      const own = { name: `${name}-${kind}`, namespace };
      const spec = {
        type: 'NodePort',
        externalTrafficPolicy: POLICIES[kind],
        selector: { [POD_LABEL]: name },
        ports: [{ port: HTTP_PORT, targetPort: HTTP_PORT, protocol: 'TCP' }],
      };
      const applied = await kube.apply(labelled({ apiVersion: 'v1', kind: 'Service', metadata: own, spec }, run));
      const nodePort = { port: nodePortOf(applied), kind };
      services.push({ ...own, addresses: [], port: HTTP_PORT, nodePort, backends: [`${namespace}/${name}`] });
    }
  return services;
}

function nodePortOf({ metadata, spec }: KubeObject): number {
  const port = (spec as { ports?: { nodePort?: number }[] } | undefined)?.ports?.[0]?.nodePort;
  if (port === undefined) throw new TypeError(`Service ${metadata.name}: the API server gave it no port of the nodes`);
  return port;
}
