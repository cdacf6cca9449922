import { applyScript } from '../apply.ts';
import { type DatapathContext, viewOf } from '../context.ts';
import { NFT_TABLE } from '../plan/masquerade.ts';
import { EMPTY_PLAN, type NodePlan } from '../plan/node-plan.ts';
import { additionScript } from './change-script.ts';
import { filterPlace, planDifference } from './plan-difference.ts';
import { plansOf } from './reconfigure.ts';

/**
 * What a starting agent does with the existing datapath: programs, policies, routes and peers are configured again, each in one step; SAs
 * that already exist and are equal are not changed, nor are rules and devices. During this the agent does not answer.
 */
export async function restartAgent(context: DatapathContext, node: string): Promise<void> {
  viewOf(context, node);
  context.restarting.add(node);
  try {
    const close = await context.course.whileAgentIsAway?.(node);
    const plan = plansOf(context).get(node) ?? EMPTY_PLAN;
    await applyScript(context.options.host(node), reapplyScript(plan), `restarting the agent of ${node}`);
    close?.();
  } finally {
    context.restarts.set(node, (context.restarts.get(node) ?? 0) + 1);
    context.restarting.delete(node);
  }
}

function reapplyScript(plan: NodePlan): string {
  const all = planDifference(EMPTY_PLAN, plan);
  return additionScript({
    ...all,
    devices: [],
    states: [],
    policies: all.policies.map((line) => line.replace('xfrm policy add', 'xfrm policy update')),
    ip: all.ip.filter(isRepeatable),
    ip6: all.ip6.filter(isRepeatable),
    nft: plan.nft.length > 0 ? [`delete table ${NFT_TABLE}`, ...plan.nft] : [],
    tc: all.tc.filter((line) => filterPlace(line) !== undefined).map((line) => line.replace('filter add', 'filter replace')),
  });
}

function isRepeatable(line: string): boolean {
  return !line.startsWith('rule ');
}
