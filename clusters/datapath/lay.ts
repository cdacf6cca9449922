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
 * Bring every node to the layout of a mode, from any layout. cilium_host and the tunnel device stay, so captures on them continue. One
 * shell run for each node and each pod.
 *
 * @param withoutAgent nodes that are not configured and from which all configuration is removed; the other nodes still know them
 */
export async function layOut(context: DatapathContext, mode: Mode, withoutAgent: readonly string[] = []): Promise<void> {
  const { options } = context;
  // Before the first change: an incomplete layout is reported as the new one, never as the previous one.
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

/** One node as in {@link layOut}. @param scriptOf sets the order, which matters when traffic already flows */
export async function layNode(context: DatapathContext, view: View, scriptOf: (plan: NodePlan) => string = planScript): Promise<void> {
  const { laid, options } = context;
  const reset = forcedScript(resetPlan(view, { devices: false }));
  const script = scriptOf(nodePlan(encryptionOf(context, laid), view, options.intent.routing, context.egressGateway));
  await applyScript(options.host(view.self.name), `${reset}${script}`, `configuring ${laid}`);
  if (laid === 'wireguard')
    context.publishedKeys.set(view.self.name, lookUp(context.wireguardKeys, view.self.name, 'WireGuard key').publicKey);
}

/** Remove everything and verify that. */
export async function tearDown(context: DatapathContext): Promise<void> {
  await Promise.all(context.background.splice(0).map((running) => running.stop()));
  await Promise.all(context.undo.splice(0).map((undo) => undo()));
  await Promise.all(context.views.map((view) => tearDownNode(context, view)));
  context.laid = 'none';
  context.publishedKeys.clear();
  context.publishedIds.clear();
  context.saysIpsec.clear();
  context.logged.clear();
  context.options.progress?.(`layout removed on ${context.views.length} nodes`);
}

/** Bring one node back to the state before any layout. @throws LayoutError when something is left */
export async function tearDownNode(context: DatapathContext, view: View): Promise<void> {
  const script = `${forcedScript(resetPlan(view, { devices: true }))}${leftoverProbe(view)}`;
  expectClean(view.self.name, await applyScript(context.options.host(view.self.name), script, 'removing the layout'));
}

/** The CNI plugin sets the MTU of a pod's default route; the device keeps the link's. For the pods of all nodes, or of some. */
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
