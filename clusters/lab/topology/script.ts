import { HTTP_PORT, UDP_ECHO_PORT } from '../../../harness/model/demo-ports.ts';
import { HEALTH_PORT } from '../../../harness/stacks/cilium/names.ts';
import { nodeBatch, nodePortRules, outsideBatch, podBatch, rootBatch, serviceRules } from './batches.ts';
import type { TopologyPlan } from './plan.ts';

/** Forwarding on, and no reverse path filter: replies of the datapath arrive at another interface than that of the route. */
const NODE_SYSCTLS = [
  'cd /proc/sys/net',
  'echo 1 >ipv4/ip_forward',
  'echo 1 >ipv6/conf/all/forwarding',
  'echo 0 >ipv4/conf/all/rp_filter',
  'echo 0 >ipv4/conf/default/rp_filter',
].join('; ');

/** One shell script, for standard input of `dash`, that applies the whole plan: starting programs is what takes time in the guest. */
export function topologyScript(plan: TopologyPlan): string {
  const lines = ['set -e'];
  const feed = (command: string, input: string) => lines.push(`${command} <<'END'`, input.trimEnd(), 'END');
  feed('ip -batch -', rootBatch(plan).join('\n'));
  const rules = serviceRules(plan.services);
  for (const node of plan.nodes) {
    lines.push(`ip netns exec ${node.name} dash -c '${NODE_SYSCTLS}'`);
    feed(`ip -n ${node.name} -batch -`, nodeBatch(node, plan).join('\n'));
    const all = `${rules}${nodePortRules(node, plan)}`;
    if (all !== '') feed(`ip netns exec ${node.name} nft -f -`, all);
  }
  feed(`ip -n ${plan.outside.name} -batch -`, outsideBatch(plan).join('\n'));
  for (const pod of [...plan.pods, ...plan.health]) feed(`ip -n ${pod.netns} -batch -`, podBatch(pod).join('\n'));
  return `${lines.join('\n')}\n`;
}

/** Script that starts the servers of every pod and node and of the client outside, and ends when all of them listen. */
export function serversScript(plan: TopologyPlan): string {
  const places = [
    `${plan.outside.name} ${plan.outside.name}`,
    ...plan.nodes.map(({ name }) => `${name} ${name}`),
    ...plan.pods.map((pod) => `${pod.netns} ${pod.name}`),
  ];
  const server = (tcp: number, all: readonly string[]) => `lab-server ${tcp} ${UDP_ECHO_PORT} ${all.join(' ')} </dev/null >/dev/null`;
  const health = plan.health.map(({ netns }) => `${netns} ${netns}`);
  return `${server(HTTP_PORT, places)} && exec ${server(HEALTH_PORT, health)}\n`;
}
