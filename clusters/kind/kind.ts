import { randomBytes } from 'node:crypto';
import { type Kube, openKube } from '../../harness/kube/kube.ts';
import type { KubeObject } from '../../harness/kube/object.ts';
import { podShell } from '../../harness/kube/pod-shell.ts';
import { waitFor } from '../../harness/kube/wait.ts';
import type { ClusterDescription, EnvironmentClass, NodeDescription, PodDescription } from '../../harness/model/cluster.ts';
import type { Family } from '../../harness/model/mode.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { runOrThrow, succeeded } from '../../harness/proc/run.ts';
import { describeNode } from '../cilium/nodes.ts';
import { deployDemo } from '../demo/demo-apps.ts';
import { DEMO_CONTAINER, WITNESS_IMAGE } from '../demo/names.ts';
import { openNodePorts } from '../demo/node-ports.ts';
import { type PodMaker, podMaker } from '../demo/pod-keeper.ts';
import { createKindCluster, type KindCluster } from './cluster/kind-cluster.ts';
import { describeKindNode, UPLINK } from './cluster/nodes.ts';
import { type PodNetns, podNamespaces } from './cluster/pod-netns.ts';
import { describeVersions } from './describe.ts';
import { containerShell } from './docker/container-shell.ts';
import { CLUSTER_PREFIX } from './names.ts';
import { installCni } from './reference/cni.ts';
import { ensureWitnessImage, loadImage } from './witness/image.ts';
import { startWitness, type Witness } from './witness/witness.ts';

/** Specification of a kind cluster. */
export interface KindSpec {
  readonly nodes: number;
  readonly families: readonly Family[];
  /** `lab` if Cilium's control plane is simulated: the report must say so. */
  readonly environmentClass: EnvironmentClass;
  /** Install the pod network, before any node is ready; absent: that of the reference datapath. */
  readonly network?: (place: { readonly kube: Kube; readonly kubeconfig: string }) => Promise<void>;
  /** Node image; absent: kind's default. */
  readonly image?: string;
  /** Image of witnesses and demo pods. */
  readonly witnessImage?: string;
  /** Leave the cluster up at the end. */
  readonly keep?: boolean;
  readonly signal?: AbortSignal;
  readonly progress?: (line: string) => void;
}

/** A running kind cluster: nodes, pods and servers, without a datapath between the nodes yet. */
export interface Kind extends AsyncDisposable {
  readonly description: ClusterDescription;
  readonly kube: Kube;
  /** Kubeconfig file, for users. */
  readonly kubeconfig: string;
  /** The Docker bridge between the nodes, which nothing inside a node can reach. */
  readonly wire: { readonly shell: Shell; readonly interface: string };
  /** The client outside the cluster: a container on the nodes' Docker network. */
  readonly outside: Shell;
  /** Node's network namespace, with ip, tc, nft, wg and tcpdump. @throws RangeError for an unknown node */
  host(node: string): Shell;
  /** A pod's network namespace, entered from its node. @throws RangeError */
  pod(name: string): Shell;
  /** The pod itself, by exec through the API server. @throws RangeError */
  podExec(name: string): Shell;
  /**
   * Where traffic is sent from: the pod, and for pods that are added and removed their network namespace, because a program in a pod ends
   * with it and loses its results.
   */
  traffic(name: string): Shell;
  /** Creates more pods. */
  readonly pods: PodMaker;
}

const NODES_MS = 240_000;
/** Name of the client outside the cluster. */
const OUTSIDE = 'outside';

/** Create a kind cluster with the demo applications. Disposing it deletes it, with witness containers and kubeconfig. */
export async function startKind(spec: KindSpec): Promise<Kind> {
  const { nodes: count, witnessImage = WITNESS_IMAGE, signal, progress = () => {} } = spec;
  const aborting = signal === undefined ? {} : { signal };
  const name = `${CLUSTER_PREFIX}-${randomBytes(3).toString('hex')}`;
  await ensureWitnessImage(witnessImage, progress, signal);
  await using stack = new AsyncDisposableStack();
  progress(`creating kind cluster ${name} with ${count} nodes`);
  const cluster = stack.use(
    await createKindCluster({
      name,
      nodes: count,
      families: spec.families,
      ...aborting,
      ...(spec.image === undefined ? {} : { image: spec.image }),
      ...(spec.keep === undefined ? {} : { keep: spec.keep }),
    }),
  );
  const kube = await openKube({ kubeconfig: cluster.kubeconfig });
  await spec.network?.({ kube, kubeconfig: cluster.kubeconfig });
  const nodes = await readyNodes(kube, cluster, spec.network === undefined, progress, signal);
  progress(`loading ${witnessImage} into the nodes`);
  await loadImage(witnessImage, name, signal);
  const witnesses = new Map<string, Witness>();
  const put = async (place: string, network: Parameters<typeof startWitness>[0]['network']) => {
    const witness = await startWitness({ image: witnessImage, name: place, cluster: name, network });
    stack.defer(() => witness.remove());
    witnesses.set(place, witness);
    return witness;
  };
  await Promise.all(cluster.nodes.map((node) => put(node, { container: node })));
  const tap = await put('wire', 'host');
  const wire = { shell: tap.shell, interface: await bridgeOf(cluster.nodes[0]!) };
  const client = await put(OUTSIDE, { joins: name });
  const apps = await deployDemo(kube, { nodes: cluster.nodes, image: witnessImage, run: name, progress, ...aborting });
  const netns = await namespacesOf(cluster.nodes, apps.pods);
  const pods = apps.pods.map((pod) => {
    const found = pod.addresses.map((address) => netns.get(address)).find((entry) => entry !== undefined);
    return { ...pod, ...(found === undefined ? {} : { hostInterface: found.hostInterface }) };
  });
  await Promise.all([...witnesses].map(([place, { shell }]) => showEachFrame(shell, place === 'wire' ? [wire.interface] : undefined)));
  progress(`${nodes.length} nodes, ${pods.length} pods and their servers are up`);
  const ports = await openNodePorts(kube, apps.pods, name);
  const description: ClusterDescription = {
    name,
    provider: 'kind',
    environmentClass: spec.environmentClass,
    nodes,
    pods,
    services: [...apps.services, ...ports],
    outside: { name: OUTSIDE, addresses: [...client.addresses] },
    versions: await describeVersions(kube, witnesses.get(cluster.nodes[0]!)!.shell),
    capabilities: {
      'wire-tap': { available: true, reason: `the Docker bridge ${wire.interface} between the nodes, seen from outside them` },
      'agent-shell': { available: true, reason: 'by exec, or by its stand-in' },
      faults: { available: true, reason: 'the cluster was made for it' },
    },
  };
  const maker = podMaker(kube, { image: witnessImage, run: name, progress });
  const added = new Map<string, PodDescription>();
  const podOf = (pod: string): PodDescription =>
    added.get(pod) ?? find(pods, (candidate) => `${candidate.namespace}/${candidate.name}`, pod, 'pod');
  const pod = (wanted: string): Shell => {
    const { node, addresses } = podOf(wanted);
    const found = addresses.map((address) => netns.get(address)).find((entry) => entry !== undefined);
    if (found === undefined)
      throw new RangeError(`pod ${wanted} has no network namespace on ${node} that has its address ${addresses.join(', ')}`);
    return containerShell(node, wanted, ['nsenter', `--net=${found.path}`]);
  };
  const podExec = (wanted: string): Shell => {
    const { namespace, name: own } = podOf(wanted);
    return podShell(kube, { namespace, pod: own, container: DEMO_CONTAINER }, wanted);
  };
  const owned = stack.move();
  return {
    description,
    kube,
    kubeconfig: cluster.kubeconfig,
    wire,
    outside: client.shell,
    host: (node) => witnesses.get(find(nodes, (candidate) => candidate.name, node, 'node').name)!.shell,
    pod,
    podExec,
    traffic: (wanted) => (added.has(wanted) ? pod(wanted) : podExec(wanted)),
    pods: {
      add: async (wanted) => {
        const made = await maker.add(wanted);
        for (const [address, found] of await namespacesOf([made.node], [made])) netns.set(address, found);
        added.set(`${made.namespace}/${made.name}`, made);
        return made;
      },
      remove: (wanted) => maker.remove(wanted),
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Wait until all nodes are ready. @param reference give each node its pod network as soon as it has a pod CIDR */
async function readyNodes(
  kube: Kube,
  cluster: KindCluster,
  reference: boolean,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<NodeDescription[]> {
  const served = new Set<string>();
  const ready = await waitFor({
    what: `${cluster.nodes.length} nodes to be ready`,
    limitMs: NODES_MS,
    progress,
    ...(signal === undefined ? {} : { signal }),
    look: async () => {
      const all = await kube.list('v1', 'Node');
      for (const node of all) {
        const cidr = (node.spec as { podCIDR?: string }).podCIDR;
        const { name } = node.metadata;
        if (!reference || cidr === undefined || served.has(name)) continue;
        await installCni(containerShell(name, name), cidr);
        served.add(name);
      }
      const count = all.filter(isReady).length;
      return count >= cluster.nodes.length ? { done: all } : { missing: `${count} of ${cluster.nodes.length} ready` };
    },
  });
  const ciliumNodes = new Map((await kube.list('cilium.io/v2', 'CiliumNode')).map((node) => [node.metadata.name, node]));
  const described = ready.map((node) =>
    reference ? describeKindNode(node) : describeNode(node, ciliumNodes.get(node.metadata.name), UPLINK),
  );
  return cluster.nodes.map((node) => find(described, ({ name }) => name, node, 'node'));
}

/**
 * Let interfaces pass frames of wire size, not aggregated to 64 KiB: captures then show those, and the kernel's ring has room for thousands
 * instead of 255. @param interfaces absent: all Ethernet ones
 */
async function showEachFrame(place: Shell, interfaces?: readonly string[]): Promise<void> {
  const names = interfaces?.join(' ') ?? '$(ls /sys/class/net)';
  const script = `for i in ${names}; do [ "$(cat /sys/class/net/$i/type)" != 1 ] || ethtool -K $i tso off gso off gro off || exit 1; done`;
  succeeded(await place.run(['sh', '-c', script], { timeoutMs: 60_000 }), place.name);
}

function isReady(node: KubeObject): boolean {
  const status = node.status as { conditions?: { type: string; status: string }[] } | undefined;
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

/** The host's bridge of the Docker network that a node container is on: `br-` and 12 digits of the network's id. */
async function bridgeOf(node: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.NetworkID}}{{end}}';
  const { stdout } = await runOrThrow(['docker', 'inspect', '--format', format, node], { place: 'docker', timeoutMs: 30_000 });
  return `br-${stdout.trim().slice(0, 12)}`;
}

async function namespacesOf(nodes: readonly string[], pods: readonly PodDescription[]): Promise<Map<string, PodNetns>> {
  const wanted = new Set(pods.flatMap(({ addresses }) => addresses));
  const each = await Promise.all(nodes.map((node) => podNamespaces(containerShell(node, node))));
  return new Map(each.flatMap((found) => [...found].filter(([address]) => wanted.has(address))));
}

function find<Value>(all: readonly Value[], key: (value: Value) => string, wanted: string, what: string): Value {
  const found = all.find((value) => key(value) === wanted);
  if (found === undefined) throw new RangeError(`the cluster has no ${what} ${wanted}, only ${all.map(key).join(', ')}`);
  return found;
}
