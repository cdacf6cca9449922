import { createHash, randomUUID } from 'node:crypto';
import type { NodePort } from '../../../harness/model/cluster.ts';
import type { Family } from '../../../harness/model/mode.ts';
import { matches, type Workload } from '../../manifests/load.ts';
import { podsOfBareNodes, schedule } from '../../manifests/schedule.ts';

/** A node of the lab: a network namespace with one uplink. */
export interface PlannedNode {
  readonly name: string;
  /** From 1. */
  readonly index: number;
  /** Port of the wire's bridge, in the root namespace. */
  readonly port: string;
  readonly addresses: readonly string[];
  readonly podCidrs: readonly string[];
  /** Addresses of cilium_host, which the datapath assigns. */
  readonly internalAddresses: readonly string[];
  readonly bootId: string;
}

/** A pod of the lab: a network namespace behind a veth of its node. */
export interface PlannedPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly node: string;
  /** Network namespace. */
  readonly netns: string;
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  /** Host side of its veth. */
  readonly hostInterface: string;
  readonly hostMac: string;
  readonly podMac: string;
}

/** A service with a cluster address of each family. */
export interface PlannedService {
  readonly name: string;
  readonly namespace: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly targetPort: number;
  readonly backends: readonly PlannedPod[];
}

/** A port of nodes by which the client outside reaches one pod. */
export interface PlannedNodePort extends NodePort {
  readonly name: string;
  readonly namespace: string;
  readonly backend: PlannedPod;
}

/** The client outside the cluster: a network namespace on the wire. */
export interface PlannedOutside {
  readonly name: string;
  readonly addresses: readonly string[];
}

/** Everything to configure. */
export interface TopologyPlan {
  readonly families: readonly Family[];
  readonly nodes: readonly PlannedNode[];
  readonly pods: readonly PlannedPod[];
  readonly services: readonly PlannedService[];
  /** The health endpoint of each node: as a pod, but of no namespace, and nobody schedules it. */
  readonly health: readonly PlannedPod[];
  readonly nodePorts: readonly PlannedNodePort[];
  readonly outside: PlannedOutside;
}

/** First of the ports of nodes: Kubernetes gives them out from 30000 to 32767. */
const FIRST_NODE_PORT = 30_080;
/** A port of a pod's node that the pod asks for itself. */
const HOST_PORT = 8080;

/** Pod addresses end in 11, 12, …; with a /24 for each node and .1 for its router there is room up to 254. */
const PODS_PER_NODE = 244;
const NODE_LIMIT = 99;

/** Plan nodes, addresses and placement. The same input gives the same plan except for the boot ids. */
export function planTopology(nodeCount: number, workload: Workload, families: readonly Family[] = ['ipv4']): TopologyPlan {
  if (!Number.isInteger(nodeCount) || nodeCount < 1 || nodeCount > NODE_LIMIT)
    throw new RangeError(`${nodeCount} nodes: the lab has 1 to ${NODE_LIMIT}`);
  const pick = pickOf(families);
  const nodes = Array.from({ length: nodeCount }, (_, zero): PlannedNode => {
    const index = zero + 1;
    const hex = index.toString(16);
    return {
      name: `node${index}`,
      index,
      port: `w${index}`,
      addresses: pick(`172.18.0.${index}`, `fd00:172:18::${hex}`),
      podCidrs: pick(`10.0.${index}.0/24`, `fd00:10:0:${hex}::/64`),
      internalAddresses: pick(`10.0.${index}.1`, `fd00:10:0:${hex}::1`),
      bootId: randomUUID(),
    };
  });
  const names = nodes.map((node) => node.name);
  const asked = schedule(workload.pods, names);
  const wantedPods = [...workload.pods, ...podsOfBareNodes(asked, names)];
  const placed = schedule(wantedPods, names);
  const used = new Map<string, number>();
  const pods = wantedPods.map((wanted): PlannedPod => {
    const node = nodes.find(({ name }) => name === placed.get(wanted))!;
    const number = (used.get(node.name) ?? 0) + 1;
    used.set(node.name, number);
    return plannedPod(wanted, node, number, families);
  });
  const services = workload.services.map(
    (service, index): PlannedService => ({
      name: service.name,
      namespace: service.namespace,
      addresses: pick(`10.96.0.${10 + index}`, `fd00:10:96::${(10 + index).toString(16)}`),
      port: service.port,
      targetPort: service.targetPort,
      backends: pods.filter((pod) => pod.namespace === service.namespace && matches(service.selector, pod.labels)),
    }),
  );
  // RFC 5737 and RFC 3849: no node, pod or service has such an address.
  const outside = { name: 'outside', addresses: pick('192.0.2.10', '2001:db8::10') };
  const health = nodes.map((node) => healthEndpoint(node, families));
  return { families, nodes, pods, services, health, nodePorts: nodePortsOf(nodes, pods), outside };
}

/** Its address is the last that a pod could have. */
function healthEndpoint(node: PlannedNode, families: readonly Family[]): PlannedPod {
  const wanted = { name: node.name, namespace: 'health', labels: {} };
  return { ...plannedPod(wanted, node, PODS_PER_NODE, families), hostInterface: 'lxc_health' };
}

/** The first pod of each node behind a port of every node, one of its own node, and a host port. */
function nodePortsOf(nodes: readonly PlannedNode[], pods: readonly PlannedPod[]): PlannedNodePort[] {
  return nodes.flatMap(({ name: node, index }) => {
    const backend = pods.find((pod) => pod.node === node);
    if (backend === undefined) return [];
    const { namespace } = backend;
    const port = FIRST_NODE_PORT + 2 * index;
    return [
      { name: `node-port-${node}`, namespace, backend, port, kind: 'cluster' },
      { name: `node-port-local-${node}`, namespace, backend, port: port + 1, kind: 'local' },
      { name: `host-port-${node}`, namespace, backend, port: HOST_PORT, kind: 'host-port' },
    ] as const;
  });
}

/** The address of each family, in the order of the families. */
function pickOf(families: readonly Family[]): (ipv4: string, ipv6: string) => string[] {
  return (ipv4, ipv6) => families.map((family) => (family === 'ipv4' ? ipv4 : ipv6));
}

/** A pod as the `number`th of its node, from 1. @throws RangeError when the node is full */
export function plannedPod(
  wanted: Pick<PlannedPod, 'name' | 'namespace' | 'labels'>,
  node: PlannedNode,
  number: number,
  families: readonly Family[],
): PlannedPod {
  if (number > PODS_PER_NODE) throw new RangeError(`${node.name}: more than ${PODS_PER_NODE} pods`);
  const host = 10 + number;
  const mac = `02:00:00:${byte(node.index)}:${byte(number)}`;
  return {
    name: wanted.name,
    namespace: wanted.namespace,
    labels: wanted.labels,
    node: node.name,
    netns: netnsOf(wanted.namespace, wanted.name),
    addresses: pickOf(families)(`10.0.${node.index}.${host}`, `fd00:10:0:${node.index.toString(16)}::${host.toString(16)}`),
    gateways: node.internalAddresses,
    // Cilium names it lxc and a hash; 15 characters is the kernel's limit.
    hostInterface: `lxc${createHash('sha256').update(`${wanted.namespace}/${wanted.name}`).digest('hex').slice(0, 12)}`,
    hostMac: `${mac}:01`,
    podMac: `${mac}:02`,
  };
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0');
}

/** Name of a pod's network namespace. */
export function netnsOf(namespace: string, name: string): string {
  return `${namespace}.${name}`;
}
