import type { Lifecycle } from '../../../harness/model/cluster.ts';
import { applyScript } from '../apply.ts';
import { type DatapathContext, ipsecOptions } from '../context.ts';
import { layOut } from '../lay.ts';
import { policiesPlan } from '../plan/ipsec-policies.ts';
import { statesPlan } from '../plan/ipsec-states.ts';
import { xfrmScript } from './change-script.ts';
import { layOutNode, removeNode } from './nodes.ts';
import { addPod, deletePod } from './pods.ts';
import { restartAgent } from './restart-agent.ts';
import { restartNode, startAgent } from './start-node.ts';

/** Changes of the reference datapath during traffic. */
export function lifecycleOf(context: DatapathContext): Lifecycle {
  return {
    startAgent: (node) => startAgent(context, node),
    restartAgent: (node) => restartAgent(context, node),
    addPod: (pod, started) => addPod(context, pod, started),
    deletePod: (pod) => deletePod(context, pod),
    joinNode: (node) => layOutNode(context, node),
    leaveNode: (node) => removeNode(context, node),
    restartNode: (node, whileOff) => restartNode(context, node, whileOff),
    disableEncryption: () => disableEncryption(context),
  };
}

/** Turn encryption off, as users do: from 1.18 agents do not remove the block policy (seen on 1.18.3; 1.14.5 leaves nothing). */
async function disableEncryption(context: DatapathContext): Promise<void> {
  const leavesBlock = context.laid === 'ipsec' && context.profile.tunnelOrder === 'vxlan-in-esp';
  const isIpsec = context.laid === 'ipsec';
  await layOut(context, 'none');
  await Promise.all(
    context.views.map(async (view) => {
      const policies = isIpsec ? policiesPlan(ipsecOptions(context), view) : [];
      const left =
        isIpsec && context.course.keepsOld.has(view.self.name)
          ? [...statesPlan(ipsecOptions(context), view), ...policies]
          : policies.filter((line) => leavesBlock && / action block /.test(line));
      if (left.length > 0) await applyScript(context.options.host(view.self.name), xfrmScript(left), 'keeping SAs and policies');
    }),
  );
}
