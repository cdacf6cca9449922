import type { PodDescription } from '../../harness/model/cluster.ts';
import { HTTP_PORT, UDP_ECHO_PORT } from '../../harness/model/demo-ports.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { succeeded } from '../../harness/proc/run.ts';
import { describeLabPod } from './describe.ts';
import { podBatch, podLinkBatch } from './topology/batches.ts';
import { type PlannedPod, plannedPod, type TopologyPlan } from './topology/plan.ts';

/** Adds and removes pods while the lab runs. */
export interface LabPods {
  /** Network namespace of a pod, by `namespace/name`. @throws RangeError for an unknown pod */
  namespaceOf(name: string): string;
  /** A pod with its link, address, endpoint route and servers. */
  add(pod: { readonly namespace: string; readonly name: string; readonly node: string }): Promise<PodDescription>;
  /** All pods of a node, those from the start and those that were added. */
  on(node: string): readonly PlannedPod[];
  /** Remove an added pod: its link at once, then its servers. @throws RangeError for a pod that was not added */
  remove(name: string): Promise<void>;
}

const LIMIT_MS = 60_000;

interface AddedPod {
  readonly plan: PlannedPod;
  /** Process id of its servers in the guest. */
  readonly server: string;
}

/** @param root the guest's root namespace */
export function labPods(plan: TopologyPlan, root: Shell): LabPods {
  const fixed = new Map([
    ...plan.pods.map((pod) => [nameOf(pod), pod.netns] as const),
    ...plan.health.map(({ node, netns }) => [`${node}/health`, netns] as const),
  ]);
  const added = new Map<string, AddedPod>();
  const run = async (script: string, what: string): Promise<string> =>
    succeeded(await root.run(['dash', '-s'], { stdin: script, timeoutMs: LIMIT_MS }), what).stdout;
  return {
    namespaceOf: (name) => {
      const netns = fixed.get(name) ?? added.get(name)?.plan.netns;
      if (netns === undefined) throw new RangeError(`the lab has no pod ${name}, only ${[...fixed.keys(), ...added.keys()].join(', ')}`);
      return netns;
    },
    add: async (wanted) => {
      const node = plan.nodes.find(({ name }) => name === wanted.node);
      if (node === undefined) throw new RangeError(`the lab has no node ${wanted.node}`);
      if (fixed.has(nameOf(wanted)) || added.has(nameOf(wanted))) throw new RangeError(`the lab has a pod ${nameOf(wanted)} already`);
      const taken = new Set([...plan.pods, ...plan.health, ...[...added.values()].map((pod) => pod.plan)].flatMap((pod) => pod.addresses));
      const pod = freePod({ ...wanted, labels: {} }, node, plan, taken);
      const server = await run(additionScript(pod), `adding pod ${pod.netns}`);
      added.set(nameOf(pod), { plan: pod, server: server.trim() });
      return describeLabPod(pod);
    },
    on: (node) => [...plan.pods, ...plan.health, ...[...added.values()].map((pod) => pod.plan)].filter((pod) => pod.node === node),
    remove: async (name) => {
      const pod = added.get(name);
      if (pod === undefined) throw new RangeError(`pod ${name} was not added to the lab, so it stays`);
      await run(removalScript(pod), `removing pod ${pod.plan.netns}`);
      added.delete(name);
    },
  };
}

function freePod(
  wanted: Parameters<typeof plannedPod>[0],
  node: Parameters<typeof plannedPod>[1],
  { families }: TopologyPlan,
  taken: ReadonlySet<string>,
): PlannedPod {
  for (let number = 1; ; number += 1) {
    const pod = plannedPod(wanted, node, number, families);
    if (!pod.addresses.some((address) => taken.has(address))) return pod;
  }
}

/** The servers print their process id when they listen. */
function additionScript(pod: PlannedPod): string {
  const batch = (command: string, lines: readonly string[]) => `${command} <<'END'\n${lines.join('\n')}\nEND`;
  return `${[
    'set -e',
    `ip netns add ${pod.netns}`,
    batch(`ip -n ${pod.node} -batch -`, podLinkBatch(pod)),
    batch(`ip -n ${pod.netns} -batch -`, podBatch(pod)),
    `lab-server ${HTTP_PORT} ${UDP_ECHO_PORT} ${pod.netns} ${pod.name} </dev/null`,
  ].join('\n')}\n`;
}

function removalScript({ plan, server }: AddedPod): string {
  return `${['set -e', `ip -n ${plan.node} link del ${plan.hostInterface}`, `kill ${server}`, `ip netns del ${plan.netns}`].join('\n')}\n`;
}

function nameOf({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${namespace}/${name}`;
}
