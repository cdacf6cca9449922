import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { ClusterDescription, NodeDescription, PodDescription, ServiceDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { Family } from '../../model/mode.ts';
import { type NodePairs, nodePairs } from '../../model/node-pairs.ts';
import type { FlowEnd, FlowPath } from '../../model/recording.ts';
import { reachedNodes } from '../../model/scope.ts';
import { type PlannedFlow, SERVED_AT } from './planned-flow.ts';
import { probeFlows } from './probe-flows.ts';

/**
 * Which flows are driven: the whole matrix; or, to save time, one of each kind between each pair of nodes, which may include TCP between two
 * pods of each node.
 */
export type FlowChoice = 'all' | 'probe' | 'probe-same-node';

/** Larger than any MTU in use, so that fragments or path-MTU handling must happen. */
export const LARGE_BYTES = 3000;

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

/** What agents ask each other's health endpoint. */
const HEALTH_REQUEST = 'GET /hello';

/** Enough requests to reach more than one of a few backends of a service. */
const SERVICE_REQUESTS = 4;

/**
 * Every ordered pod pair, pod to node, node to pod, node to node and each pod to each service, over TCP, UDP and ICMP and for each family,
 * each with its own canary; one large flow of each protocol for each ordered node pair; and from a client outside the cluster, where there
 * is one, each port of each node by which it reaches a pod. The health endpoint of each node is asked from the other nodes and from a pod
 * of each. Where an egress gateway is claimed, pods ask the client outside by it. Pods use SCTP among each other only where it is claimed that they can.
 *
 * @param pairs the ordered pairs of nodes between which it is done; services are called from every pod
 * @param canary 16 random bytes in hex; a parameter so that tests can know them.
 */
export function planFlows(
  cluster: ClusterDescription,
  { families, sctp = false, egressGateway }: Pick<Intent, 'families' | 'sctp' | 'egressGateway'>,
  choice: FlowChoice = 'all',
  pairs: NodePairs = nodePairs(cluster, undefined),
  canary: () => string = () => randomBytes(16).toString('hex'),
): PlannedFlow[] {
  const flows: PlannedFlow[] = [];
  const add = (
    path: FlowPath,
    protocol: PlannedFlow['protocol'],
    family: Family,
    source: FlowEnd,
    destination: FlowEnd,
    more: Partial<Pick<PlannedFlow, 'port' | 'count' | 'bytes' | 'request'>> = {},
  ): void => {
    // If the harness may not open a port on the nodes, they are only pinged.
    if (destination.kind === 'node' && protocol !== 'icmp' && cluster.capabilities['node-servers']?.available === false) return;
    const bytes = more.bytes ?? 0;
    const asked = source.kind === 'outside' ? (destination.node ?? '') : '';
    const id = [path, bytes > 0 ? 'large' : '', protocol, family, source.name, asked, destination.name]
      .filter((part) => part !== '')
      .join('/');
    const port = more.port ?? SERVED_AT[protocol];
    const request = more.request === undefined ? {} : { request: more.request };
    flows.push({ id, path, family, protocol, source, destination, port, canary: canary(), count: more.count ?? 1, bytes, ...request });
  };
  for (const family of families) {
    const pods = cluster.pods.flatMap((pod) => podEnd(pod, family));
    const nodes = reachedNodes(cluster).flatMap((node) => nodeEnd(node, family));
    const first = firstPodOfEachNode(pods);
    const [podsOf, nodesOf, firstOf] = [byNode(pods), byNode(nodes), byNode(first)];
    const partners = (from: FlowEnd, of: ReadonlyMap<string | null, readonly FlowEnd[]>): readonly FlowEnd[] =>
      pairs.partnersOf(from.node ?? '').flatMap((node) => of.get(node) ?? []);
    for (const protocol of PROTOCOLS) {
      for (const from of pods) {
        for (const to of podsOf.get(from.node) ?? []) if (from.name !== to.name) add('same-node', protocol, family, from, to);
        for (const to of partners(from, podsOf)) add('pod-pod', protocol, family, from, to);
      }
      for (const from of first) for (const to of partners(from, nodesOf)) add('pod-node', protocol, family, from, to);
      for (const from of nodes) for (const to of partners(from, firstOf)) add('node-pod', protocol, family, from, to);
      for (const from of nodes) for (const to of partners(from, nodesOf)) add('node-node', protocol, family, from, to);
    }
    if (sctp) for (const from of pods) for (const to of partners(from, podsOf)) add('pod-pod', 'sctp', family, from, to);
    for (const service of cluster.services) {
      const address = service.addresses.find((candidate) => isFamily(candidate, family));
      if (address === undefined) continue;
      const to: FlowEnd = { name: `${service.namespace}/${service.name}`, kind: 'service', node: null, address };
      // A backend that calls its own service may reach itself, which never leaves the node and needs hairpin NAT.
      for (const from of pods)
        if (!service.backends.includes(from.name))
          add('pod-service', 'tcp', family, from, to, { port: service.port, count: SERVICE_REQUESTS });
    }
    const health = byNode(cluster.nodes.flatMap((node) => healthEnd(node, family)));
    const asked = (to: FlowEnd) => ({
      port: cluster.nodes.find(({ name }) => name === to.node)?.health?.port ?? null,
      request: HEALTH_REQUEST,
    });
    for (const from of first) for (const to of partners(from, health)) add('pod-health', 'tcp', family, from, to, asked(to));
    for (const from of nodes) for (const to of partners(from, health)) add('node-health', 'tcp', family, from, to, asked(to));
    for (const { from, to } of toOutside(cluster, family, pods, egressGateway))
      for (const protocol of PROTOCOLS) add('pod-egress', protocol, family, from, to);
    for (const { from, to, path, port } of fromOutside(cluster, family, pairs)) add(path, 'tcp', family, from, to, { port });
    for (const from of first)
      for (const to of partners(from, firstOf))
        for (const protocol of PROTOCOLS) add('pod-pod', protocol, family, from, to, { bytes: LARGE_BYTES });
  }
  return choice === 'all' ? flows : probeFlows(flows, choice === 'probe-same-node');
}

interface OutsideFlow {
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly path: FlowPath;
  readonly port: number;
}

/**
 * The client outside to each node that takes a service's port. Where no pod behind it is on that node the request goes on to another one;
 * a node that does not send requests on drops them there, and is not asked. Of the ways between nodes only those of the sample are taken.
 */
function fromOutside(cluster: ClusterDescription, family: Family, pairs: NodePairs): OutsideFlow[] {
  const { outside, pods, services } = cluster;
  const address = outside?.addresses.find((candidate) => isFamily(candidate, family));
  if (outside === undefined || address === undefined) return [];
  const from: FlowEnd = { name: outside.name, kind: 'outside', node: null, address };
  return services.flatMap((service) => {
    const { nodePort, name, namespace } = service;
    if (nodePort === undefined) return [];
    const behind = new Set(backendsOf(service, pods).map(({ node }) => node));
    return reachedNodes(cluster)
      .flatMap((node) => nodeEnd(node, family))
      .flatMap((asked): OutsideFlow[] => {
        const own = behind.has(asked.name);
        if (behind.size === 0 || (!own && nodePort.kind !== 'cluster')) return [];
        if (!own && !pairs.partnersOf(asked.name).some((node) => behind.has(node))) return [];
        const to: FlowEnd = { name: `${namespace}/${name}`, kind: 'service', node: asked.name, address: asked.address };
        return [{ from, to, path: own ? 'outside-node' : 'outside-pod', port: nodePort.port }];
      });
  });
}

/** Pods of the nodes that are not the gateway, to the client outside, which answers as a server too. */
function toOutside(
  { outside }: ClusterDescription,
  family: Family,
  pods: readonly FlowEnd[],
  gateway: string | undefined,
): readonly { readonly from: FlowEnd; readonly to: FlowEnd }[] {
  const address = outside?.addresses.find((candidate) => isFamily(candidate, family));
  if (outside === undefined || address === undefined || gateway === undefined) return [];
  const to: FlowEnd = { name: outside.name, kind: 'outside', node: gateway, address };
  return pods.filter(({ node }) => node !== gateway).map((from) => ({ from, to }));
}

function backendsOf({ backends }: ServiceDescription, pods: readonly PodDescription[]): readonly PodDescription[] {
  return pods.filter(({ namespace, name }) => backends.includes(`${namespace}/${name}`));
}

function podEnd(pod: PodDescription, family: Family): FlowEnd[] {
  const address = pod.addresses.find((candidate) => isFamily(candidate, family));
  return address === undefined ? [] : [{ name: `${pod.namespace}/${pod.name}`, kind: 'pod', node: pod.node, address }];
}

function nodeEnd(node: NodeDescription, family: Family): FlowEnd[] {
  const address = node.addresses.find((candidate) => isFamily(candidate, family));
  return address === undefined ? [] : [{ name: node.name, kind: 'node', node: node.name, address }];
}

function byNode(ends: readonly FlowEnd[]): ReadonlyMap<string | null, readonly FlowEnd[]> {
  return Map.groupBy(ends, ({ node }) => node);
}

function healthEnd({ name, health }: NodeDescription, family: Family): FlowEnd[] {
  const address = health?.addresses.find((candidate) => isFamily(candidate, family));
  return address === undefined ? [] : [{ name: `${name}/health`, kind: 'health', node: name, address }];
}

function firstPodOfEachNode(pods: readonly FlowEnd[]): FlowEnd[] {
  const seen = new Set<string | null>();
  return pods.filter((pod) => !seen.has(pod.node) && seen.add(pod.node));
}

function isFamily(address: string, family: Family): boolean {
  return isIP(address) === (family === 'ipv6' ? 6 : 4);
}
