import { applyScript } from '../apply.ts';
import { type DatapathContext, lookUp, viewOf } from '../context.ts';
import { tearDownNode } from '../lay.ts';
import { clusterViews } from '../topology.ts';
import { removalScript } from './change-script.ts';
import { planDifference } from './plan-difference.ts';
import { plansOf, reconfigure } from './reconfigure.ts';
import { layUnderTraffic } from './start-node.ts';

/** A node joins: the others get SAs, policies, peers and routes for it, then it is configured. */
export async function layOutNode(context: DatapathContext, name: string): Promise<void> {
  const node = context.options.nodes.find((candidate) => candidate.name === name);
  if (node === undefined || context.nodes.includes(node))
    throw new RangeError(`node ${name} cannot join: it is not a node that joins later`);
  const before = plansOf(context);
  context.nodes = context.options.nodes.filter((candidate) => candidate === node || context.nodes.includes(candidate));
  await reconfigure(context, before, plansOf(context), `${name} joins`);
  await layUnderTraffic(context, name);
}

/** A node leaves: it and the others remove each other's state, routes first, so that nothing is sent unprotected; then it is reset. */
export async function removeNode(context: DatapathContext, name: string): Promise<void> {
  const node = context.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new RangeError(`node ${name} cannot leave: it does not take part`);
  const before = plansOf(context);
  const leaving = viewOf(context, name);
  const alone = plansOf(context, clusterViews([node], context.pods, context.options.intent.families));
  const [whole, rest] = [lookUp(before, name, 'plan'), lookUp(alone, name, 'plan')];
  await applyScript(context.options.host(name), removalScript(planDifference(whole, rest)), `${name} leaves`);
  context.nodes = context.nodes.filter((candidate) => candidate !== node);
  const followers = [...plansOf(context)].filter(([other]) => !context.course.leftBehind.has(other));
  await reconfigure(context, before, new Map(followers), `${name} leaves`);
  await tearDownNode(context, leaving);
}
