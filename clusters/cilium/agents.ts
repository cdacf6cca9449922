import type { Kube } from '../../harness/kube/kube.ts';
import { lateShell } from '../../harness/kube/late-shell.ts';
import { nodeOfPod } from '../../harness/kube/object.ts';
import { podShell } from '../../harness/kube/pod-shell.ts';
import type { Capability } from '../../harness/model/cluster.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { AGENT_CONTAINER, AGENT_LABEL } from '../../harness/stacks/cilium/names.ts';

/** The agents of a cluster that can run commands. */
export interface Agents {
  readonly capability: Capability;
  /** Undefined where the capability is not available. */
  shell(node: string): Shell | undefined;
}

/** A cluster whose agents run no commands. */
export function noAgents(reason: string): Agents {
  return { capability: { available: false, reason }, shell: () => undefined };
}

/**
 * Find the agent of every node and run one command in each. If agents run outside pods, or a kubelet allows no exec, the capability is
 * absent with the reason: checks that need agents are then not exercised, the others still count.
 */
export async function findAgents(kube: Kube, namespace: string, nodes: readonly string[]): Promise<Agents> {
  const pods = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
  const byNode = new Map(pods.map((pod) => [nodeOfPod(pod), pod.metadata.name]));
  const without = nodes.filter((node) => !byNode.has(node));
  if (pods.length === 0) return noAgents(`no pod with ${AGENT_LABEL} in ${namespace}: commands cannot run in agents outside pods`);
  if (without.length > 0) return noAgents(`no agent pod on ${without.join(', ')}`);
  const found = new Map(nodes.map((node) => [node, agentOf(kube, namespace, node, byNode.get(node) ?? '')]));
  for (const [node, shell] of found) {
    try {
      await shell.program();
    } catch (error) {
      return noAgents(`${node}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {
    capability: { available: true, reason: `by exec into the pods with ${AGENT_LABEL}` },
    shell: (node) => found.get(node)?.shell,
  };
}

/** The agent of a node, and the name of its program. */
interface Agent {
  readonly shell: Shell;
  program(): Promise<string>;
}

/** An agent has a new pod after each restart and upgrade: it is looked up again when the known one is gone. */
function agentOf(kube: Kube, namespace: string, node: string, first: string): Agent {
  const programs = new Map<string, string>();
  let known = first;
  const current = async (): Promise<string | null> => {
    const reference = { apiVersion: 'v1', kind: 'Pod', metadata: { name: known, namespace } };
    const pod = await kube.read(reference);
    if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) return known;
    const pods = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
    const next = pods.find((each) => each.metadata.deletionTimestamp === undefined && nodeOfPod(each) === node);
    if (next === undefined) return null;
    known = next.metadata.name;
    return known;
  };
  const inPod = (pod: string): Shell =>
    podShell(kube, { namespace, pod, container: AGENT_CONTAINER }, `${node}/agent`, { readsOnly: true });
  const programIn = async (pod: string): Promise<string> => {
    const known = programs.get(pod);
    if (known !== undefined) return known;
    // Called `cilium` up to 1.14.
    const argv = ['sh', '-c', 'command -v cilium-dbg || command -v cilium'];
    const asked = await inPod(pod).run(argv, { timeoutMs: LIMITS_MS.read, idempotent: true });
    const program = asked.stdout.trim().split('/').at(-1) ?? '';
    if (asked.exitCode !== 0 || program === '') throw new Error("the agent's pod has neither cilium-dbg nor cilium");
    programs.set(pod, program);
    return program;
  };
  return {
    program: async () => {
      try {
        return await programIn(known);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new Error(`exec into the agent's pod ${namespace}/${known} failed: ${message}`, { cause: error });
      }
    },
    // An API server without answer is a lost connection: only the command fails.
    shell: lateShell(`${node}/agent`, async () => {
      try {
        const pod = await current();
        return pod === null ? `no agent pod on ${node}` : renamed(inPod(pod), await programIn(pod));
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }),
  };
}

/** Collectors use the name `cilium-dbg`; an old agent has the old name. */
function renamed(shell: Shell, program: string): Shell {
  if (program === 'cilium-dbg') return shell;
  const argvOf = (argv: readonly string[]) => (argv[0] === 'cilium-dbg' ? [program, ...argv.slice(1)] : argv);
  return {
    ...shell,
    run: (argv, options) => shell.run(argvOf(argv), options),
    runEach: async (argvs, options) => (await shell.runEach?.(argvs.map(argvOf), options)) ?? argvs.map(() => null),
    start: (argv, options) => shell.start(argvOf(argv), options),
  };
}
