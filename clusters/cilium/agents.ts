import type { Kube } from '../../harness/kube/kube.ts';
import { podShell } from '../../harness/kube/pod-shell.ts';
import type { Capability } from '../../harness/model/cluster.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { AGENT_CONTAINER, AGENT_LABEL } from '../../harness/stacks/cilium/names.ts';

/** The agents of a cluster, as far as they can be asked. */
export interface Agents {
  readonly capability: Capability;
  /** Undefined where the capability is not available. */
  shell(node: string): Shell | undefined;
}

/**
 * Find the agent of every node and ask one word of each. Agents that run outside pods, and a kubelet that allows no exec, make the
 * capability absent with the reason: what only agents can say is then not exercised, and the rest still counts.
 */
export async function findAgents(kube: Kube, namespace: string, nodes: readonly string[]): Promise<Agents> {
  const pods = await kube.list('v1', 'Pod', namespace, AGENT_LABEL);
  const byNode = new Map(pods.map((pod) => [(pod.spec as { nodeName?: string }).nodeName ?? '', pod.metadata.name]));
  const without = nodes.filter((node) => !byNode.has(node));
  const none = (reason: string): Agents => ({ capability: { available: false, reason }, shell: () => undefined });
  if (pods.length === 0) return none(`no pod with ${AGENT_LABEL} in ${namespace}: agents that run outside pods cannot be asked`);
  if (without.length > 0) return none(`no agent pod on ${without.join(', ')}`);
  const shells = new Map<string, Shell>();
  for (const node of nodes) {
    const place = { namespace, pod: byNode.get(node) ?? '', container: AGENT_CONTAINER };
    const shell = podShell(kube, place, `${node}/agent`, { readsOnly: true });
    try {
      // Called `cilium` up to 1.14.
      const asked = await shell.run(['sh', '-c', 'command -v cilium-dbg || command -v cilium'], {
        timeoutMs: LIMITS_MS.read,
        idempotent: true,
      });
      const program = asked.stdout.trim().split('/').at(-1) ?? '';
      if (asked.exitCode !== 0 || program === '') return none(`${node}: the agent's pod has neither cilium-dbg nor cilium`);
      shells.set(node, renamed(shell, program));
    } catch (error) {
      return none(
        `${node}: exec into the agent's pod ${place.namespace}/${place.pod} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
  return { capability: { available: true, reason: `by exec into the pods with ${AGENT_LABEL}` }, shell: (node) => shells.get(node) };
}

/** Collectors say `cilium-dbg`; an old agent has it under its old name. */
function renamed(shell: Shell, program: string): Shell {
  if (program === 'cilium-dbg') return shell;
  const argvOf = (argv: readonly string[]) => (argv[0] === 'cilium-dbg' ? [program, ...argv.slice(1)] : argv);
  return {
    ...shell,
    run: (argv, options) => shell.run(argvOf(argv), options),
    start: (argv, options) => shell.start(argvOf(argv), options),
  };
}
