import { randomBytes } from 'node:crypto';
import { apiShell } from '../../harness/kube/api-shell.ts';
import type { Kube } from '../../harness/kube/kube.ts';
import { type KubeObject, nodeOfPod, whyNodeNotReady } from '../../harness/kube/object.ts';
import { podShell } from '../../harness/kube/pod-shell.ts';
import { RUN_LABEL, removeRun } from '../../harness/kube/run-labels.ts';
import { podsOfNodes } from '../../harness/kube/wait.ts';
import type {
  Capability,
  Cluster,
  ClusterDescription,
  EncryptionKeys,
  EnvironmentClass,
  PodDescription,
  ServiceDescription,
} from '../../harness/model/cluster.ts';
import { EnvironmentError } from '../../harness/model/environment-error.ts';
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
import { expectOutside, OUTSIDE, openToOutside } from './client-outside.ts';
import { awaitEnrolled, enrolled, expectEnrolled } from './enrolment.ts';
import { CAPTURE_APP, CAPTURE_CONTAINER, type ClientOutside, NAMESPACE_PREFIX } from './names.ts';
import { existingObjects } from './objects.ts';
import { withHostInterfaces } from './pod-interfaces.ts';

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
const ASKING = { timeoutMs: LIMITS_MS.read, idempotent: true };
const DEFAULT_ROUTE = ['ip', 'route', 'show', 'default'];

/** Attach to a cluster. Disposing removes all that was created, by its run label. */
export async function attachExisting(spec: ExistingSpec): Promise<Cluster> {
  const { kube, progress, signal, observeOnly, ciliumNamespace, disruptions, intent } = spec;
  const claimed = stackOf(intent);
  const run = `${NAMESPACE_PREFIX}-${randomBytes(3).toString('hex')}`;
  const nodes = await selectedNodes(spec);
  const unreached = new Map(
    nodes.flatMap((node) => {
      const why = whyNodeNotReady(node);
      return why === undefined ? [] : [[node.metadata.name, why] as const];
    }),
  );
  const reached = (): readonly string[] => nodes.map(({ metadata }) => metadata.name).filter((name) => !unreached.has(name));
  tellUnreached(spec, unreached, reached());
  const ciliumNodes = new Map((await kube.list('cilium.io/v2', 'CiliumNode')).map((node) => [node.metadata.name, node]));
  if (spec.clientOutside !== undefined) expectOutside(nodes.map((node) => describeNode(node, ciliumNodes.get(node.metadata.name), '')));
  const agents =
    claimed.enrolment !== undefined && !isOfAgents(claimed)
      ? noAgents('this mesh has no agent that commands can run in')
      : await findAgents(kube, ciliumNamespace, reached());
  if (!agents.capability.available) progress(`agents: ${agents.capability.reason}`);
  const { image, nodeSelector, namespace = run } = spec;
  const workload = demoWorkload(namespace, reached());
  const planned = observeOnly
    ? []
    : existingObjects({ namespace, run, workload, nodes: reached(), image, nodeSelector, nodePorts: spec.clientOutside !== undefined });
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
    for (const [node, why] of without) unreached.set(node, why);
    if (without.size > 0) tellUnreached(spec, without, reached());
    return pods;
  };
  const capturing = await wait(`app.kubernetes.io/name=${CAPTURE_APP}`, new Map(reached().map((node) => [node, 1])));
  const captures = new Map(capturing.map((pod) => [nodeOfPod(pod), pod.metadata.name]));
  const answering = await wait(`${RUN_LABEL}=${run}`, podCounts(workload, reached()));
  const found = answering.map(describePod).sort((a, b) => (a.name < b.name ? -1 : 1));
  const names = reached();
  // If nothing may be created, the kernel is read through the agent, whose container uses the node's network.
  const host = (node: string): Shell | undefined => {
    const pod = captures.get(node);
    return pod === undefined ? agents.shell(node) : podShell(kube, { namespace, pod, container: CAPTURE_CONTAINER }, node);
  };
  const demo = await withHostInterfaces(found, (pod) => demoShell(kube, found, `${pod.namespace}/${pod.name}`), host);
  const described = await Promise.all(
    nodes.map(async (node) => {
      const { name } = node.metadata;
      const why = unreached.get(name);
      if (why !== undefined) return { ...describeNode(node, ciliumNodes.get(name), ''), unreached: why };
      const shell = host(name);
      const routes = shell === undefined ? '' : succeeded(await shell.run(DEFAULT_ROUTE, ASKING), shell.name).stdout;
      return describeNode(node, ciliumNodes.get(name), uplinkIn(routes) ?? '');
    }),
  );
  const hostOf = (node: string): Shell =>
    (unreached.has(node) ? undefined : host(node)) ?? absent(node, unreached.get(node) ?? 'no capture pod runs there');
  const toOutside = await openToOutside(kube, {
    client: spec.clientOutside,
    run,
    nodes: described.filter(({ name }) => !unreached.has(name)),
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

/** Programs that read the state of a node's kernel. */
const TOOLS = ['ip', 'wg', 'cat', 'date'];

/** Programs missing in the agents' image, as text of a reason. */
async function toolsOfAgents(shells: readonly (Shell | undefined)[]): Promise<string> {
  const [shell] = shells.filter((each) => each !== undefined);
  if (shell === undefined) return '';
  const script = `for t in ${TOOLS.join(' ')}; do command -v $t >/dev/null || echo $t; done`;
  const { stdout } = succeeded(await shell.run(['sh', '-c', script], ASKING), shell.name);
  const lacking = stdout.split('\n').filter((line) => line !== '');
  return lacking.length === 0 ? '' : `, without ${lacking.join(', ')} in their image`;
}

function capabilitiesOf(agents: Capability, ciliumNodes: number, observeOnly: boolean, lacking: string): Record<string, Capability> {
  const observed = 'nothing may be created in this cluster (--observe-only)';
  const made = (reason: string): Capability => (observeOnly ? { available: false, reason: observed } : { available: true, reason });
  return {
    'agent-shell': agents,
    'node-objects': {
      available: ciliumNodes > 0,
      reason: ciliumNodes > 0 ? `${ciliumNodes} CiliumNode object(s)` : 'the API server has no CiliumNode object',
    },
    'host-shell':
      observeOnly && agents.available
        ? { available: true, reason: `by exec into the agents, which use the node's network${lacking}` }
        : made('by exec into a capture pod on every node'),
    capture: made('in the network namespace of every node'),
    'wire-tap': { available: false, reason: 'the network between the nodes of this cluster cannot be captured from here' },
    'node-servers': { available: false, reason: 'no port is opened on the nodes of this cluster: they are only pinged' },
    faults: { available: false, reason: 'no fault is injected in a cluster that other people use' },
  };
}

async function selectedNodes({ kube, nodeSelector }: ExistingSpec): Promise<KubeObject[]> {
  const selector = Object.entries(nodeSelector).map(([key, value]) => `${key}=${value}`);
  const nodes = await kube.list('v1', 'Node', undefined, ['kubernetes.io/os=linux', ...selector].join(','));
  if (nodes.length < 2)
    throw new EnvironmentError(
      `${kube.name} has ${nodes.length} node(s) with ${selector.join(', ') || 'Linux'}: encryption between nodes needs 2 or more`,
    );
  return nodes.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

/** Say at once which nodes are left out, and go on with the others. @throws EnvironmentError where fewer than two are left */
function tellUnreached({ kube, progress }: ExistingSpec, unreached: ReadonlyMap<string, string>, left: readonly string[]): void {
  const said = [...unreached].map(([node, why]) => `${node}: ${why}`);
  if (left.length < 2)
    throw new EnvironmentError(
      `${kube.name}: ${left.length} node(s) can take pods, encryption between nodes needs 2 or more; ${said.join('; ')}`,
    );
  for (const line of said)
    progress(`not tested: ${line}; the run goes on with ${left.length} node(s), and the verdict can be no better than inconclusive`);
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
