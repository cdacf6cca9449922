import type { Kube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { labelled } from '../../harness/kube/run-labels.ts';
import type { NodePort, PodDescription, ServiceDescription } from '../../harness/model/cluster.ts';
import { HTTP_PORT } from '../../harness/model/demo-ports.ts';
import { POD_LABEL } from './workload.ts';

/** `externalTrafficPolicy` of a NodePort, by how it is called here. */
const POLICIES = { cluster: 'Cluster', local: 'Local' } as const satisfies Partial<Record<NodePort['kind'], string>>;

/** A pod by its name, and the node it is or will be on. */
export interface PlacedPod extends Pick<PodDescription, 'name' | 'namespace'> {
  readonly node: string;
}

interface PlannedPort {
  readonly object: KubeObject;
  readonly kind: keyof typeof POLICIES;
  readonly pod: PlacedPod;
}

/**
 * Services that open the first pod of each node to clients outside the cluster: by a port of every node, and by one of its own node alone. Each
 * has one backend, so that it is known to which node a request goes on.
 */
function plannedPorts(pods: readonly PlacedPod[], run: string): PlannedPort[] {
  const first = [...Map.groupBy(pods, ({ node }) => node).values()].flatMap(([pod]) => pod ?? []);
  return first.flatMap((pod) =>
    (['cluster', 'local'] as const).map((kind): PlannedPort => {
      const { name, namespace } = pod;
      const spec = {
        type: 'NodePort',
        externalTrafficPolicy: POLICIES[kind],
        selector: { [POD_LABEL]: name },
        ports: [{ port: HTTP_PORT, targetPort: HTTP_PORT, protocol: 'TCP' }],
      };
      const metadata = { name: `${name}-${kind}`, namespace };
      return { object: labelled({ apiVersion: 'v1', kind: 'Service', metadata, spec }, run), kind, pod };
    }),
  );
}

/** What {@link openNodePorts} creates. */
export function nodePortObjects(pods: readonly PlacedPod[], run: string): KubeObject[] {
  return plannedPorts(pods, run).map(({ object }) => object);
}

/**
 * Open the first pod of each node to clients outside the cluster.
 * @returns the services, with the ports that the API server chose
 */
export async function openNodePorts(kube: Kube, pods: readonly PlacedPod[], run: string): Promise<ServiceDescription[]> {
  const services: ServiceDescription[] = [];
  for (const { object, kind, pod } of plannedPorts(pods, run)) {
    const nodePort = { port: nodePortOf(await kube.apply(object)), kind };
    const { name } = object.metadata;
    services.push({ name, namespace: pod.namespace, addresses: [], port: HTTP_PORT, nodePort, backends: [`${pod.namespace}/${pod.name}`] });
  }
  return services;
}

function nodePortOf({ metadata, spec }: KubeObject): number {
  const port = (spec as { ports?: { nodePort?: number }[] } | undefined)?.ports?.[0]?.nodePort;
  if (port === undefined) throw new TypeError(`Service ${metadata.name}: the API server gave it no port of the nodes`);
  return port;
}
