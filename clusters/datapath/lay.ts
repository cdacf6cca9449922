import type { Mode } from '../../harness/model/mode.ts';
import { applyScript } from './apply.ts';
import { type DatapathContext, encryptionOf, lookUp } from './context.ts';
import { nodePlan, routeMtu } from './plan/node.ts';
import { EMPTY_PLAN, type NodePlan } from './plan/node-plan.ts';
import { resetPlan } from './plan/reset.ts';
import { forcedScript, planScript } from './plan/script.ts';
import { perFamily, type View } from './topology.ts';
import { expectClean, leftoverProbe } from './verify-clean.ts';

/**
 * Bring every node to the layout of a mode, from whatever layout it has. cilium_host and the tunnel device stay where they are, so
 * captures on them go on. One shell run a node and one a pod.
 *
 * @param withoutAgent nodes on which nothing is laid out, and of which nothing is left: the others know them all the same
 */
export async function layOut(context: DatapathContext, mode: Mode, withoutAgent: readonly string[] = []): Promise<void> {
  const { options } = context;
  // Before the first change: a layout that breaks half-way is reported as what it was to become, never as the one before.
  context.laid = mode;
  context.publishedKeys.clear();
  context.publishedIds.clear();
  context.saysIpsec.clear();
  context.logged.clear();
  for (const node of withoutAgent) context.restarting.add(node);
  await Promise.all(
    context.views.map((view) => (withoutAgent.includes(view.self.name) ? tearDownNode(context, view) : layNode(context, view))),
  );
  await setPodMtu(context);
  options.progress?.(
    `${mode === 'none' ? 'no encryption' : mode} set up on ${context.views.length} nodes (Cilium ${context.profile.version}, ${options.intent.routing})`,
  );
}

/** One node as {@link layOut} lays it. @param scriptOf sets the order, which matters where traffic flows already */
export async function layNode(context: DatapathContext, view: View, scriptOf: (plan: NodePlan) => string = planScript): Promise<void> {
  const { laid, options } = context;
  const reset = forcedScript(resetPlan(view, { devices: false }));
  const script = scriptOf(nodePlan(encryptionOf(context, laid), view, options.intent.routing));
  await applyScript(options.host(view.self.name), `${reset}${script}`, `laying out ${laid}`);
  if (laid === 'wireguard')
    context.publishedKeys.set(view.self.name, lookUp(context.wireguardKeys, view.self.name, 'WireGuard key').publicKey);
}

/** Take everything away and make sure of it. */
export async function tearDown(context: DatapathContext): Promise<void> {
  await Promise.all(context.background.splice(0).map((running) => running.stop()));
  await Promise.all(context.undo.splice(0).map((undo) => undo()));
  await Promise.all(context.views.map((view) => tearDownNode(context, view)));
  context.laid = 'none';
  context.publishedKeys.clear();
  context.publishedIds.clear();
  context.saysIpsec.clear();
  context.logged.clear();
  context.options.progress?.(`layout taken away on ${context.views.length} nodes`);
}

/** One node back to before any layout. @throws LayoutError when something is left */
export async function tearDownNode(context: DatapathContext, view: View): Promise<void> {
  const script = `${forcedScript(resetPlan(view, { devices: true }))}${leftoverProbe(view)}`;
  expectClean(view.self.name, await applyScript(context.options.host(view.self.name), script, 'taking the layout away'));
}

/** The CNI plugin sets the MTU of a pod's default route; the device keeps the link's. All nodes' pods, or those of some. */
export async function setPodMtu(context: DatapathContext, nodes?: readonly string[]): Promise<void> {
  const mtu = routeMtu(encryptionOf(context, context.laid), context.options.intent.routing);
  await Promise.all(
    context.views
      .filter(({ self }) => nodes === undefined || nodes.includes(self.name))
      .flatMap((view) =>
        view.self.pods.map((pod) => {
          const routes = perFamily(view).map(({ self }) => `route replace default via ${self.internal} dev eth0 mtu ${mtu}`);
          return applyScript(context.options.pod(pod.name), planScript({ ...EMPTY_PLAN, ip: routes }), `setting the route MTU ${mtu}`);
        }),
      ),
  );
}
