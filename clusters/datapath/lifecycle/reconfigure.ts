import { applyScript } from '../apply.ts';
import { type DatapathContext, encryptionOf } from '../context.ts';
import { nodePlan } from '../plan/node.ts';
import type { NodePlan } from '../plan/node-plan.ts';
import type { View } from '../topology.ts';
import { additionScript, removalScript } from './change-script.ts';
import { planDifference } from './plan-difference.ts';

/** The plan of each node for the current cluster. */
export type Plans = ReadonlyMap<string, NodePlan>;

/** Plans of all nodes that take part, or of the given views. */
export function plansOf(context: DatapathContext, views: readonly View[] = context.views): Plans {
  const encryption = encryptionOf(context, context.laid);
  return new Map(views.map((view) => [view.self.name, nodePlan(encryption, view, context.options.intent.routing, context.egressGateway)]));
}

/**
 * Change the nodes of `after` from their old plans to their new ones during traffic: first the additions on all nodes, then the removals. A
 * node without an old plan is not changed.
 */
export async function reconfigure(context: DatapathContext, before: Plans, after: Plans, what: string): Promise<void> {
  const differences = [...after].flatMap(([node, plan]) => {
    const old = before.get(node);
    return old === undefined ? [] : [{ node, difference: planDifference(old, plan) }];
  });
  for (const script of [additionScript, removalScript])
    await Promise.all(
      differences.map(({ node, difference }) => applyScript(context.options.host(node), script(difference), `${what} on ${node}`)),
    );
}
