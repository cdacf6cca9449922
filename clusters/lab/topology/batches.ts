import { HTTP_PORT } from '../../../harness/model/demo-ports.ts';
import type { PlannedNode, PlannedPod, PlannedService, TopologyPlan } from './plan.ts';

/** Name of the wire's bridge. It has no address: only the nodes send on it. */
export const WIRE_INTERFACE = 'br-lab';

/** Where the plan takes service addresses from. */
const SERVICE_CIDR = { ipv4: '10.96.0.0/16', ipv6: 'fd00:10:96::/112' } as const;

/** Networks of the client outside, and of the nodes as it reaches them: all on one link. */
const OUTSIDE_CIDR = { ipv4: '192.0.2.0/24', ipv6: '2001:db8::/64' } as const;
const NODE_CIDR = { ipv4: '172.18.0.0/16', ipv6: 'fd00:172:18::/64' } as const;
const OUTSIDE_PORT = 'w0';

/** An MTU larger than any encapsulation allows; the datapath sets the MTU of the route. */
const DEFAULT_POD_MTU = 1450;

/** `ip -batch` for the root namespace: the wire, a namespace for each node, each pod and the client outside, and what links them to the wire. */
export function rootBatch(plan: TopologyPlan): string[] {
  return [
    `link add ${WIRE_INTERFACE} type bridge mcast_snooping 0`,
    // The wire must send nothing itself, so the bridge and its ports get no address, not even a link-local one.
    `link set ${WIRE_INTERFACE} addrgenmode none`,
    `link set ${WIRE_INTERFACE} up`,
    ...[...plan.nodes, { name: plan.outside.name, port: OUTSIDE_PORT }].flatMap(({ name, port }) => [
      `netns add ${name}`,
      `link add ${port} type veth peer name eth0 netns ${name}`,
      `link set ${port} addrgenmode none`,
      `link set ${port} master ${WIRE_INTERFACE} up`,
    ]),
    ...[...plan.pods, ...plan.health].map((pod) => `netns add ${pod.netns}`),
  ];
}

/** `ip -batch` inside a node: its addresses, and for each of its pods a veth, permanent neighbours and the endpoint route. */
export function nodeBatch(node: PlannedNode, plan: TopologyPlan): string[] {
  const own = [...plan.pods, ...plan.health].filter((pod) => pod.node === node.name);
  return [
    'link set lo up',
    ...node.addresses.map((address) => (isIpv6(address) ? `addr add ${address}/64 dev eth0 nodad` : `addr add ${address}/16 dev eth0`)),
    'link set eth0 up',
    // Packets of the node to a service need a route before their address is translated; a real node has a default route.
    ...(plan.services.length > 0
      ? plan.families.map((family) => `route add ${SERVICE_CIDR[family]} dev eth0${family === 'ipv4' ? ' scope link' : ''}`)
      : []),
    ...plan.families.map((family) => onLink(OUTSIDE_CIDR[family])),
    ...own.flatMap(podLinkBatch),
  ];
}

/** `ip -batch` inside the client outside: it sends nothing except its requests. */
export function outsideBatch({ families, outside }: TopologyPlan): string[] {
  return [
    'link set lo up',
    'link set eth0 addrgenmode none',
    ...outside.addresses.map((address) => (isIpv6(address) ? `addr add ${address}/64 dev eth0 nodad` : `addr add ${address}/24 dev eth0`)),
    'link set eth0 up',
    ...families.map((family) => onLink(NODE_CIDR[family])),
  ];
}

function onLink(cidr: string): string {
  return `route add ${cidr} dev eth0${isIpv6(cidr) ? '' : ' scope link'}`;
}

/** `ip -batch` inside a node for one of its pods: the veth, permanent neighbours and the endpoint route. */
export function podLinkBatch(pod: PlannedPod): string[] {
  return [
    `link add ${pod.hostInterface} address ${pod.hostMac} type veth peer name eth0 address ${pod.podMac} netns ${pod.netns}`,
    `link set ${pod.hostInterface} addrgenmode none`,
    `link set ${pod.hostInterface} up`,
    ...pod.addresses.flatMap((address) => [
      `neigh add ${address} lladdr ${pod.podMac} dev ${pod.hostInterface} nud permanent`,
      isIpv6(address) ? `route add ${address}/128 dev ${pod.hostInterface}` : `route add ${address}/32 dev ${pod.hostInterface} scope link`,
    ]),
  ];
}

/** `ip -batch` inside a pod. Its gateway is not an address of the veth, so the neighbour is permanent: Cilium's BPF answers there. */
export function podBatch(pod: PlannedPod): string[] {
  return [
    'link set lo up',
    ...pod.addresses.map((address) => (isIpv6(address) ? `addr add ${address}/128 dev eth0 nodad` : `addr add ${address}/32 dev eth0`)),
    'link set eth0 up',
    ...pod.gateways.flatMap((gateway) => [
      `neigh add ${gateway} lladdr ${pod.hostMac} dev eth0 nud permanent`,
      isIpv6(gateway) ? `route add ${gateway} dev eth0` : `route add ${gateway} dev eth0 scope link`,
      `route add default via ${gateway} dev eth0 mtu ${DEFAULT_POD_MTU}`,
    ]),
  ];
}

/**
 * nft rules instead of Cilium's service translation in a node: before the datapath's marks (priority dstnat), so that those follow the
 * chosen backend; also for packets of the node.
 */
export function serviceRules(services: readonly PlannedService[]): string {
  return [serviceTable('ip', services, (address) => !isIpv6(address)), serviceTable('ip6', services, isIpv6)].join('');
}

/**
 * nft rules that stand in a node for what kube-proxy, or Cilium in its place, does with a port of the node: the request goes to the pod
 * behind it; where it is one that every node takes, from the node's own address, which in a tunnel is that of the agent's device
 * (Cilium, bpf/lib/nodeport.h, tail_nodeport_nat_egress_ipv4). Where the pod is on the node the client's address stays.
 */
export function nodePortRules(node: PlannedNode, plan: TopologyPlan): string {
  return [nodePortTable('ip', node, plan, (address) => !isIpv6(address)), nodePortTable('ip6', node, plan, isIpv6)].join('');
}

function nodePortTable(
  family: 'ip' | 'ip6',
  node: PlannedNode,
  { nodePorts }: TopologyPlan,
  ofFamily: (address: string) => boolean,
): string {
  const own = node.addresses.find(ofFamily);
  const internal = node.internalAddresses.find(ofFamily);
  const taken = nodePorts.filter(({ kind, backend }) => kind === 'cluster' || backend.node === node.name);
  if (own === undefined || internal === undefined || taken.length === 0) return '';
  const requests = taken.flatMap(({ port, backend }) => {
    const to = backend.addresses.find(ofFamily);
    if (to === undefined) return [];
    return [`${family} daddr ${own} tcp dport ${port} dnat to ${isIpv6(to) ? `[${to}]` : to}:${HTTP_PORT}`];
  });
  const sentOn = taken.flatMap(({ kind, port }) => {
    if (kind !== 'cluster') return [];
    const match = `meta l4proto tcp ct original ${family} daddr ${own} ct original proto-dst ${port}`;
    // By its uplink with the node's address, by any other device with the one that routes to pods have as their source.
    return [`${match} oifname "eth0" masquerade`, `${match} snat to ${internal}`];
  });
  const chain = (name: string, priority: number, rules: readonly string[]) =>
    `chain ${name} {\ntype nat hook ${name} priority ${priority}\n${rules.join('\n')}\n}`;
  return `table ${family} lab_node_ports {\n${chain('prerouting', -100, requests)}\n${chain('postrouting', 90, sentOn)}\n}\n`;
}

function serviceTable(family: 'ip' | 'ip6', services: readonly PlannedService[], ofFamily: (address: string) => boolean): string {
  const rules = services.flatMap((service) => {
    const address = service.addresses.find(ofFamily);
    const backends = service.backends.flatMap((pod) => pod.addresses.filter(ofFamily).slice(0, 1));
    if (address === undefined || backends.length === 0) return [];
    const map = backends.map((backend, index) => `${index} : ${backend}`).join(', ');
    return `${family} daddr ${address} tcp dport ${service.port} dnat to numgen inc mod ${backends.length} map { ${map} }${service.port === service.targetPort ? '' : `:${service.targetPort}`}`;
  });
  if (rules.length === 0) return '';
  const chain = (name: string, hook: string) => `chain ${name} {\ntype nat hook ${hook} priority -100\n${rules.join('\n')}\n}`;
  return `table ${family} lab_services {\n${chain('prerouting', 'prerouting')}\n${chain('output', 'output')}\n}\n`;
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}
