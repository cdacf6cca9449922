import { type KubeObject, objectName } from '../../harness/kube/object.ts';
import { labelled } from '../../harness/kube/run-labels.ts';
import type { Disruption } from '../../harness/model/scenario.ts';
import { nodePortObjects } from '../demo/node-ports.ts';
import { demoObjects } from '../demo/objects.ts';
import type { Workload } from '../manifests/load.ts';
import { type CaptureOptions, captureDaemonSet } from './capture-daemonset.ts';

export interface ExistingPlanOptions extends CaptureOptions {
  readonly run: string;
  /** All in the namespace of the captures. */
  readonly workload: Workload;
  /** Nodes that get demo pods. */
  readonly nodes: readonly string[];
  /** A pod of each node gets ports of the nodes. */
  readonly nodePorts: boolean;
}

/** Everything that will be created, in order: one namespace, the capture DaemonSet, the demo pods and services, ports of the nodes. */
export function existingObjects(options: ExistingPlanOptions): KubeObject[] {
  const { run, workload, nodes, image, nodePorts } = options;
  const demo = demoObjects({ workload, nodes, image, run });
  const [space, ...apps] = demo.map((object) => (object.kind === 'Namespace' ? allowCapture(object) : object));
  if (space === undefined) throw new RangeError('the demo applications need a namespace');
  const placed = workload.pods.flatMap(({ name, namespace, pinned }) => (pinned === undefined ? [] : [{ name, namespace, node: pinned }]));
  return [space, labelled(captureDaemonSet(options), run), ...apps, ...(nodePorts ? nodePortObjects(placed, run) : [])];
}

/** Captures run in the node's network namespace: the namespace must allow this (Pod Security Admission). */
function allowCapture(namespace: KubeObject): KubeObject {
  const labels = { ...namespace.metadata.labels, 'pod-security.kubernetes.io/enforce': 'privileged' };
  return { ...namespace, metadata: { ...namespace.metadata, labels } };
}

function opensPort({ kind, spec }: KubeObject): boolean {
  return kind === 'Service' && (spec as { readonly type?: string }).type === 'NodePort';
}

const DISRUPTS: Readonly<Record<Disruption, string>> = {
  rotation:
    'the key Secret gets a new key under the next id, which stays: it is only in the cluster, so do not apply an older copy of the Secret again',
  'agent-restart': "each node's agent pod is deleted, one after the other, and its DaemonSet starts another",
};

/** What a run does besides creating objects. */
export interface PlannedActs {
  readonly disruptions: readonly Disruption[];
  /** What is put on the namespace later, to enrol its pods in a mesh; absent: nothing. */
  readonly enrols?: string;
  /** A readable packet of a pod is sent. */
  readonly injects: boolean;
}

/** The plan as text. */
export function creationPlan(
  cluster: string,
  objects: readonly KubeObject[],
  { disruptions, injects, enrols }: PlannedActs = { disruptions: [], injects: false },
): string {
  const capture = objects.find(({ kind }) => kind === 'DaemonSet');
  const lines = [
    `In cluster ${cluster} this will create, and remove at the end:`,
    ...objects.map(
      (object) =>
        `  ${objectName(object)}${object === capture ? ' (hostNetwork; only NET_RAW and NET_ADMIN, read-only root, opens no port)' : ''}${opensPort(object) ? ' (NodePort: whoever reaches a node reaches the demo pod behind it)' : ''}`,
    ),
    ...(disruptions.length === 0
      ? []
      : ['It changes, while requests flow:', ...disruptions.map((disruption) => `  ${disruption}: ${DISRUPTS[disruption]}`)]),
    ...(enrols === undefined ? [] : [`It puts ${enrols} on that namespace between two rounds of requests, which enrols the pods above.`]),
    ...(injects
      ? [
          'It sends, at the end, for each IP family one readable UDP packet of about 100 bytes from the first node to the second, past its encryption,',
          'with the addresses of two of the pods above; it changes nothing on the nodes.',
        ]
      : []),
    `It reads, and changes nothing${disruptions.length === 0 ? '' : ' else'}: nodes, CiliumNode objects, the ConfigMap cilium-config, the id of the IPsec key (the key is`,
    'hashed in memory and never kept), the agents by exec, and each node’s kernel by exec into the capture pods.',
  ];
  return `${lines.join('\n')}\n`;
}
