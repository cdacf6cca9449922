import { randomUUID } from 'node:crypto';
import { type DatapathContext, lookUp, viewOf } from '../context.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { layNode, setPodMtu, tearDownNode } from '../lay.ts';
import { EMPTY_PLAN } from '../plan/node-plan.ts';
import { additionScript } from './change-script.ts';
import { planDifference } from './plan-difference.ts';
import { plansOf, reconfigure } from './reconfigure.ts';

/** Lay a node out whose pods send already: routes come last, or their first packets leave before anything protects them. */
export async function layUnderTraffic(context: DatapathContext, name: string): Promise<void> {
  const close = await context.course.beforeNodeIsProtected?.(name);
  await layNode(context, viewOf(context, name), (plan) => additionScript(planDifference(EMPTY_PLAN, plan)));
  close?.();
  await setPodMtu(context, [name]);
}

/** The agent of a node starts that was held back without one; the others know the node already. */
export async function startAgent(context: DatapathContext, name: string): Promise<void> {
  viewOf(context, name);
  if (!context.restarting.has(name)) throw new RangeError(`the agent of ${name} cannot start: it was not held back`);
  await layUnderTraffic(context, name);
  context.restarting.delete(name);
}

/**
 * A node is cut off, and comes back with nothing but its links and its pods. What lives until the next boot is another one then: the
 * boot id, of which IPsec's keys are derived, and WireGuard's key, which agents keep in /run. The others learn of it last.
 */
export async function restartNode(context: DatapathContext, name: string, whileOff: () => Promise<void>): Promise<void> {
  const { nodeKeeper } = context.options;
  if (nodeKeeper === undefined) throw new RangeError('nodes cannot be restarted here');
  const before = plansOf(context);
  context.restarting.add(name);
  await nodeKeeper.cutOff(name);
  await tearDownNode(context, viewOf(context, name));
  await whileOff();
  context.bootIds.set(name, randomUUID());
  context.wireguardKeys.set(name, newWireguardKey());
  await nodeKeeper.boot(name);
  await layUnderTraffic(context, name);
  context.restarts.set(name, (context.restarts.get(name) ?? 0) + 1);
  context.restarting.delete(name);
  const after = plansOf(context);
  const others = [...after.keys()].filter((other) => other !== name && !context.course.leftBehind.has(other));
  await reconfigure(context, before, new Map(others.map((other) => [other, lookUp(after, other, 'plan')])), `${name} is back`);
}
