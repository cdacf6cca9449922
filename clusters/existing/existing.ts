import { randomBytes } from 'node:crypto';
import { apiShell } from '../../harness/kube/api-shell.ts';
import type { Kube } from '../../harness/kube/kube.ts';
import { type KubeObject, nodeOfPod } from '../../harness/kube/object.ts';
import { podShell } from '../../harness/kube/pod-shell.ts';
import { RUN_LABEL, removeRun } from '../../harness/kube/run-labels.ts';
import { podsOfNodes } from '../../harness/kube/wait.ts';
import type {
  Cluster,
  ClusterDescription,
  EncryptionKeys,
  EnvironmentClass,
  PodDescription,
  ServiceDescription,
} from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { Disruption } from '../../harness/model/scenario.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { localShell } from '../../harness/proc/local-shell.ts';
import { succeeded } from '../../harness/proc/run.ts';
import { API_KINDS, NAMESPACE } from '../../harness/stacks/cilium/names.ts';
import type { Stack } from '../../harness/stacks/stack.ts';
import { stackOf } from '../../harness/stacks/stack-of.ts';
import { findAgents, noAgents } from '../cilium/agents.ts';
import { describeNode, uplinkIn } from '../cilium/nodes.ts';
import { restartCiliumAgents } from '../cilium/restart-agents.ts';
import { rotateIpsecKey } from '../cilium/rotate-key.ts';
import { existingKeys } from '../cilium/secret-keys.ts';
import { ciliumWatch } from '../cilium/watch.ts';
import { applyObjects } from '../demo/apply-objects.ts';
import { describePod } from '../demo/demo-apps.ts';
import { DEMO_CONTAINER } from '../demo/names.ts';
import { demoWorkload } from '../demo/workload.ts';
import { matches, type Workload } from '../manifests/load.ts';
import { capabilitiesOf, toolsOfAgents } from './capabilities.ts';
import { expectOutside, OUTSIDE, openToOutside } from './client-outside.ts';
import { awaitEnrolled, enrolled, expectEnrolled } from './enrolment.ts';
import { CAPTURE_APP, CAPTURE_CONTAINER, type ClientOutside, NAMESPACE_PREFIX } from './names.ts';
import { existingObjects } from './objects.ts';
import { withHostInterfaces } from './pod-interfaces.ts';
import { TestedNodes } from './tested-nodes.ts';

/** How to examine an existing cluster. */
export interface ExistingSpec {
  readonly kube: Kube;
  readonly environmentClass: EnvironmentClass;
  /** Namespace of the agents. */
  readonly ciliumNamespace: string;
  readonly image: string;
  /** Create in this namespace instead of a new one, which needs no right to create namespaces. */
  readonly namespace?: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Create nothing: no pods, no captures, no traffic. */
  readonly observeOnly: boolean;
  /** Allowed changes; empty: none. */
  readonly disruptions: readonly Disruption[];
  /** The nodes may send a readable packet of a pod to each other. */
  readonly injects: boolean;
  /** Where requests from outside the cluster come from; absent: there are none. */
  readonly clientOutside?: ClientOutside;
  /** The claim. */
  readonly intent: Intent;
  /** Called with everything that will be created, before anything is; rejects to stop. */
  readonly approve: (objects: readonly KubeObject[]) => Promise<void>;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

const READY_MS = 300_000;
const DEFAULT_ROUTE = ['ip', 'route', 'show', 'default'];

/** Attach to a cluster. Disposing removes all that was created, by its run label. */
export async function attachExisting(spec: ExistingSpec): Promise<Cluster> {
  const { kube, progress, signal, observeOnly, ciliumNamespace, disruptions, intent } = spec;
  const claimed = stackOf(intent);
  const run = `${NAMESPACE_PREFIX}-${randomBytes(3).toString('hex')}`;
  const nodes = await TestedNodes.of(spec);
  const ciliumNodes = new Map((await kube.list('cilium.io/v2', 'CiliumNode')).map((node) => [node.metadata.name, node]));
  if (spec.clientOutside !== undefined) expectOutside(nodes.all.map((node) => describeNode(node, ciliumNodes.get(node.metadata.name), '')));
  const agents =
    claimed.enrolment !== undefined && !isOfAgents(claimed)
      ? noAgents('this mesh has no agent that commands can run in')
      : await findAgents(kube, ciliumNamespace, nodes.names());
  if (!agents.capability.available) progress(`agents: ${agents.capability.reason}`);
  const { image, nodeSelector, namespace = run } = spec;
  const workload = demoWorkload(namespace, nodes.names());
  const planned = observeOnly
    ? []
    : existingObjects({ namespace, run, workload, nodes: nodes.names(), image, nodeSelector, nodePorts: spec.clientOutside !== undefined });
  const { enrolment } = claimed;
  if (enrolment !== undefined && spec.namespace !== undefined && !observeOnly) await expectEnrolled(kube, spec.namespace, enrolment);
  // Pods that run already can be enrolled after an un-encrypted phase; others must be enrolled when they are created.
  const space = planned.find(({ kind }) => kind === 'Namespace');
  const enrolsLater = enrolment?.runningPods.value === true && spec.namespace === undefined && !observeOnly;
  const objects =
    spec.namespace === undefined
      ? planned.map((object) => (enrolment !== undefined && !enrolsLater && object === space ? enrolled(object, enrolment) : object))
      : planned.filter(({ kind }) => kind !== 'Namespace');
  await spec.approve(objects);
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    const where = spec.namespace === undefined ? {} : { namespace: spec.namespace };
    const removed = await removeRun(kube, { run, ...where }, progress);
    if (removed.length > 0) progress(`removed ${removed.length} object(s) of run ${run}`);
  });
  await applyObjects(kube, objects, { progress, signal });
  const wait = async (labelSelector: string, wanted: ReadonlyMap<string, number>): Promise<readonly KubeObject[]> => {
    if (observeOnly) return [];
    const { pods, without } = await podsOfNodes(kube, { namespace, labelSelector, wanted }, { limitMs: READY_MS, progress, signal });
    nodes.leaveOut(without);
    return pods;
  };
  const capturing = await wait(`app.kubernetes.io/name=${CAPTURE_APP}`, new Map(nodes.names().map((node) => [node, 1])));
  const captures = new Map(capturing.map((pod) => [nodeOfPod(pod), pod.metadata.name]));
  const answering = await wait(`${RUN_LABEL}=${run}`, podCounts(workload, nodes.names()));
  const found = answering.map(describePod).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = nodes.names();
  // If nothing may be created, the kernel is read through the agent, whose container uses the node's network.
  const host = (node: string): Shell | undefined => {
    const pod = captures.get(node);
    return pod === undefined ? agents.shell(node) : podShell(kube, { namespace, pod, container: CAPTURE_CONTAINER }, node);
  };
  const demo = await withHostInterfaces(found, (pod) => demoShell(kube, found, `${pod.namespace}/${pod.name}`), host);
  const described = await Promise.all(
    nodes.all.map(async (node) => {
      const { name } = node.metadata;
      const why = nodes.why(name);
      if (why !== undefined) return { ...describeNode(node, ciliumNodes.get(name), ''), unreached: why };
      const shell = host(name);
      const routes =
        shell === undefined
          ? ''
          : succeeded(await shell.run(DEFAULT_ROUTE, { timeoutMs: LIMITS_MS.read, idempotent: true }), shell.name).stdout;
      return describeNode(node, ciliumNodes.get(name), uplinkIn(routes) ?? '');
    }),
  );
  const hostOf = (node: string): Shell =>
    (nodes.why(node) === undefined ? host(node) : undefined) ?? absent(node, nodes.why(node) ?? 'no capture pod runs there');
  const toOutside = await openToOutside(kube, {
    client: spec.clientOutside,
    run,
    nodes: described.filter(({ unreached }) => unreached === undefined),
    pods: demo,
    families: intent.families,
    host: hostOf,
    progress,
    signal,
  });
  const description: ClusterDescription = {
    name: kube.name,
    provider: 'existing',
    environmentClass: spec.environmentClass,
    nodes: described,
    pods: demo,
    services: observeOnly ? [] : [...(await servicesOf(kube, namespace, workload, demo)), ...toOutside.ports],
    ...(toOutside.client === undefined ? {} : { outside: toOutside.client }),
    versions: { kubernetes: await kube.version() },
    capabilities: capabilitiesOf(
      agents.capability,
      ciliumNodes.size,
      observeOnly,
      await toolsOfAgents(names.map((node) => agents.shell(node))),
    ),
    ...(ciliumNamespace === NAMESPACE ? {} : { agentNamespace: ciliumNamespace }),
  };
  const keys = existingKeys(kube, ciliumNamespace);
  const rotate: EncryptionKeys['rotate'] = (step) =>
    rotateIpsecKey({ kube, namespace: ciliumNamespace, nodes: names, host: hostOf, progress }, step);
  const api = apiShell(kube, API_KINDS);
  const agent = (node: string): Shell => agents.shell(node) ?? absent(`${node}/agent`, agents.capability.reason);
  const untilEnrolled = () => awaitEnrolled({ stack: claimed, intent, description, api, agent }, { progress, signal });
  if (enrolment !== undefined && !enrolsLater && !observeOnly) await untilEnrolled();
  const owned = stack.move();
  return {
    description,
    host: hostOf,
    agent,
    wire: undefined,
    ...(toOutside.client === undefined ? {} : { outside: localShell(OUTSIDE) }),
    ...(spec.injects ? { injector: hostOf } : {}),
    api,
    ...(enrolment === undefined || space === undefined || !enrolsLater
      ? {}
      : {
          enableEncryption: async () => {
            await applyObjects(kube, [enrolled(space, enrolment)], { progress, signal });
            await untilEnrolled();
          },
        }),
    workloads: {
      shell: (pod) => demoShell(kube, demo, pod),
    },
    keys: disruptions.includes('rotation') ? { ...keys, rotate } : keys,
    faults: undefined,
    watch: ciliumWatch({ kube, namespace: ciliumNamespace, nodes: names, host: hostOf, ...(intent.mode === 'ipsec' ? { keys } : {}) }),
    ...(disruptions.includes('agent-restart')
      ? {
          lifecycle: {
            restartAgent: (node) => restartCiliumAgents(kube, ciliumNamespace, { limitMs: READY_MS, progress, signal }, [node]),
          },
        }
      : {}),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Whether something of the mesh is read by commands in the agents. */
function isOfAgents({ meshReadings }: Stack): boolean {
  return meshReadings?.enrolment?.of === 'node';
}

/** How many pods of a workload each of these nodes gets. */
function podCounts({ pods }: Workload, nodes: readonly string[]): ReadonlyMap<string, number> {
  return new Map(nodes.map((node) => [node, pods.filter(({ pinned }) => pinned === node).length]));
}

async function servicesOf(
  kube: Kube,
  namespace: string,
  { services }: Workload,
  pods: readonly PodDescription[],
): Promise<ServiceDescription[]> {
  return Promise.all(
    services.map(async ({ name, selector, port }) => {
      const found = await kube.read({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace } });
      const addresses = (found?.spec as { clusterIPs?: string[] } | undefined)?.clusterIPs ?? [];
      const backends = pods.filter((pod) => matches(selector, pod.labels)).map((pod) => `${pod.namespace}/${pod.name}`);
      return { name, namespace, addresses, port, backends };
    }),
  );
}

function demoShell(kube: Kube, pods: readonly PodDescription[], name: string): Shell {
  const pod = pods.find((candidate) => `${candidate.namespace}/${candidate.name}` === name);
  if (pod === undefined) throw new RangeError(`no demo pod ${name}`);
  return podShell(kube, { namespace: pod.namespace, pod: pod.name, container: DEMO_CONTAINER }, name);
}

function absent(place: string, reason: string): never {
  throw new RangeError(`${place} cannot be reached: ${reason}`);
}
