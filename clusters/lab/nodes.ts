import type { Shell } from '../../harness/model/shell.ts';
import { succeeded } from '../../harness/proc/run.ts';
import type { NodeKeeper } from '../datapath/course.ts';
import type { LabPods } from './pods.ts';
import { nodeBatch, nodePortRules, podBatch, podLinkBatch, serviceRules } from './topology/batches.ts';
import type { PlannedNode, TopologyPlan } from './topology/plan.ts';

const LIMIT_MS = 60_000;

/** The guest has no rmmod. 176 is delete_module on x86-64, 2048 is O_NONBLOCK, 11 and 16 are EAGAIN and EBUSY; what held a module lets it go a moment after it is gone itself. */
const REMOVE_MODULE =
  'my $m = shift; for (1 .. 200) { exit 0 if syscall(176, $m, 2048) == 0; last unless $! == 11 || $! == 16; select undef, undef, undef, 0.1 } die "$m: $!\\n"';

/** Nodes of the lab that are cut off and started again. @param root the guest's root namespace */
export function labNodes(plan: TopologyPlan, root: Shell, pods: Pick<LabPods, 'on'>): NodeKeeper {
  const nodeOf = (name: string): PlannedNode => {
    const node = plan.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new RangeError(`the lab has no node ${name}`);
    return node;
  };
  const run = async (script: string, what: string): Promise<void> => {
    succeeded(await root.run(['dash', '-s'], { stdin: script, timeoutMs: LIMIT_MS }), what);
  };
  return {
    cutOff: async (name) => {
      const node = nodeOf(name);
      // The port on the wire goes first: what the node does from then on nobody sees.
      const lines = [...pods.on(name).map((pod) => `link del ${pod.hostInterface}`), 'addr flush dev eth0', 'link set eth0 down'];
      const reset = [`ip -n ${name} -batch - <<'END'`, ...lines, 'END', `ip netns exec ${name} nft flush ruleset`];
      await run(`${['set -e', `ip link set ${node.port} down`, ...reset].join('\n')}\n`, `cutting ${name} off`);
    },
    boot: async (name) => {
      const node = nodeOf(name);
      const own = pods.on(name);
      const rules = `${serviceRules(plan.services)}${nodePortRules(node, plan)}`;
      const batch = (command: string, lines: readonly string[]) => [`${command} <<'END'`, ...lines, 'END'];
      const script = [
        'set -e',
        ...batch(`ip -n ${name} -batch -`, [...nodeBatch(node, { ...plan, pods: [], health: [] }), ...own.flatMap(podLinkBatch)]),
        ...(rules === '' ? [] : batch(`ip netns exec ${name} nft -f -`, [rules.trimEnd()])),
        ...own.flatMap((pod) => batch(`ip -n ${pod.netns} -batch -`, podBatch(pod))),
        `ip link set ${node.port} up`,
      ];
      await run(`${script.join('\n')}\n`, `starting ${name}`);
    },
    removeModule: (module) => run(`perl -e '${REMOVE_MODULE}' ${module}\n`, `removing the module ${module}`),
    loadModule: (module) => run(`[ -d /sys/module/${module} ] || insmod /mods/${module}.ko\n`, `loading the module ${module}`),
  };
}
