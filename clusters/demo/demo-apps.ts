import type { Kube } from '../../harness/kube/kube.ts';
import { type KubeObject, nodeOfPod } from '../../harness/kube/object.ts';
import { RUN_LABEL } from '../../harness/kube/run-labels.ts';
import { podsReady } from '../../harness/kube/wait.ts';
import type { PodDescription, ServiceDescription } from '../../harness/model/cluster.ts';
import { HTTP_PORT } from '../../harness/model/demo-ports.ts';
import { matches } from '../manifests/load.ts';
import { applyObjects } from './apply-objects.ts';
import { demoObjects } from './objects.ts';
import { demoWorkload } from './workload.ts';

/** The demo applications as they run. */
export interface DemoApps {
  readonly pods: readonly PodDescription[];
  readonly services: readonly ServiceDescription[];
}

/** Namespace of the demo pods in a cluster that the run creates. */
const DEMO_NAMESPACE = 'wirewitness-demo';

const READY_MS = 180_000;

/** Apply the demo applications to a cluster that the run creates and wait until every pod is ready. */
export async function deployDemo(
  kube: Kube,
  options: {
    readonly nodes: readonly string[];
    readonly image: string;
    readonly run: string;
    readonly progress: (line: string) => void;
    readonly signal?: AbortSignal;
  },
): Promise<DemoApps> {
  const { run, progress, signal } = options;
  const workload = demoWorkload(DEMO_NAMESPACE, options.nodes);
  const applied = new Map(
    (await applyObjects(kube, demoObjects({ workload, ...options }), options)).map((object) => [
      `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`,
      object,
    ]),
  );
  const ready = await podsReady(
    kube,
    { labelSelector: `${RUN_LABEL}=${run}`, count: workload.pods.length },
    { limitMs: READY_MS, progress, ...(signal === undefined ? {} : { signal }) },
  );
  const pods = ready.map(describePod).sort((a, b) => order(a, workload.pods) - order(b, workload.pods));
  const services = workload.services.map(({ name, namespace, selector, port }): ServiceDescription => {
    const spec = applied.get(`Service ${namespace}/${name}`)?.spec as { clusterIPs?: string[] } | undefined;
    const backends = pods.filter((pod) => pod.namespace === namespace && matches(selector, pod.labels));
    return { name, namespace, addresses: spec?.clusterIPs ?? [], port, backends: backends.map((pod) => `${pod.namespace}/${pod.name}`) };
  });
  return { pods, services };
}

/** The description of a running Pod object. */
export function describePod(pod: KubeObject): PodDescription {
  const { name, namespace = 'default', labels = {} } = pod.metadata;
  const status = pod.status as { podIPs?: { ip: string }[] } | undefined;
  const addresses = (status?.podIPs ?? []).map(({ ip }) => ip);
  const { serviceAccountName } = pod.spec as { serviceAccountName?: string };
  const account = serviceAccountName === undefined ? {} : { serviceAccount: serviceAccountName };
  return { name, namespace, node: nodeOfPod(pod), addresses, labels, httpPort: HTTP_PORT, ...account };
}

function order(pod: PodDescription, wanted: readonly { readonly name: string; readonly namespace: string }[]): number {
  return wanted.findIndex(({ name, namespace }) => name === pod.name && namespace === pod.namespace);
}
