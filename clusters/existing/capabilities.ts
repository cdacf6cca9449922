import type { Capability } from '../../harness/model/cluster.ts';
import type { Shell } from '../../harness/model/shell.ts';
import { LIMITS_MS } from '../../harness/proc/limits.ts';
import { succeeded } from '../../harness/proc/run.ts';

/** Programs that read the state of a node's kernel. */
const TOOLS = ['ip', 'wg', 'cat', 'date'];

/** Programs missing in the agents' image, as text of a reason. */
export async function toolsOfAgents(shells: readonly (Shell | undefined)[]): Promise<string> {
  const [shell] = shells.filter((each) => each !== undefined);
  if (shell === undefined) return '';
  const script = `for t in ${TOOLS.join(' ')}; do command -v $t >/dev/null || echo $t; done`;
  const { stdout } = succeeded(await shell.run(['sh', '-c', script], { timeoutMs: LIMITS_MS.read, idempotent: true }), shell.name);
  const lacking = stdout.split('\n').filter((line) => line !== '');
  return lacking.length === 0 ? '' : `, without ${lacking.join(', ')} in their image`;
}

/** What can be done in an existing cluster, and by which means. @param lacking of {@link toolsOfAgents} */
export function capabilitiesOf(agents: Capability, ciliumNodes: number, observeOnly: boolean, lacking: string): Record<string, Capability> {
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
