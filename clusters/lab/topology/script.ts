import { nodeBatch, podBatch, rootBatch, serviceRules } from './batches.ts';
import type { TopologyPlan } from './plan.ts';

/** TCP port of the HTTP server and UDP port of the echo, in every pod and node. */
export const HTTP_PORT = 80;
export const UDP_ECHO_PORT = 9000;

/** Forwarding on, and no reverse path filter: replies of the datapath come in where the route does not point. */
const NODE_SYSCTLS = [
  'cd /proc/sys/net',
  'echo 1 >ipv4/ip_forward',
  'echo 1 >ipv6/conf/all/forwarding',
  'echo 0 >ipv4/conf/all/rp_filter',
  'echo 0 >ipv4/conf/default/rp_filter',
].join('; ');

/** One shell script, for standard input of `dash`, that lays the whole plan: starting a program is the guest's only real cost. */
export function topologyScript(plan: TopologyPlan): string {
  const lines = ['set -e'];
  const feed = (command: string, input: string) => lines.push(`${command} <<'END'`, input.trimEnd(), 'END');
  feed('ip -batch -', rootBatch(plan).join('\n'));
  const rules = serviceRules(plan.services);
  for (const node of plan.nodes) {
    lines.push(`ip netns exec ${node.name} dash -c '${NODE_SYSCTLS}'`);
    feed(`ip -n ${node.name} -batch -`, nodeBatch(node, plan).join('\n'));
    if (plan.services.length > 0) feed(`ip netns exec ${node.name} nft -f -`, rules);
  }
  for (const pod of plan.pods) feed(`ip -n ${pod.netns} -batch -`, podBatch(pod).join('\n'));
  return `${lines.join('\n')}\n`;
}

/** Script that starts the servers of every pod and node, and ends when all of them listen. */
export function serversScript(plan: TopologyPlan): string {
  const places = [
    ...plan.nodes.map(({ name }) => ({ netns: name, shown: name })),
    ...plan.pods.map((pod) => ({ netns: pod.netns, shown: pod.name })),
  ];
  const start = places.map(
    ({ netns, shown }) =>
      `ip netns exec ${netns} lab-server ${shown} ${HTTP_PORT} ${UDP_ECHO_PORT} </dev/null >/dev/null 2>>/tmp/lab-server.log & servers="$servers ${netns}:$!"`,
  );
  // A process shows the sockets of its own namespace, port numbers in hex, 0A for listening.
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0');
  const listens = `grep -q ":${hex(HTTP_PORT)} .* 0A " /proc/$p/net/tcp6 && grep -q ":${hex(UDP_ECHO_PORT)} " /proc/$p/net/udp6`;
  const limit = `n=$((n + 1)); [ $n -gt 400 ] && { echo "\${s%:*}: no server listens" >&2; cat /tmp/lab-server.log >&2; exit 1; }`;
  const wait = `for s in $servers; do p=\${s##*:}; n=0; until ${listens}; do ${limit}; usleep 25000; done; done`;
  return `${['set -e', 'servers=', ...start, wait].join('\n')}\n`;
}
