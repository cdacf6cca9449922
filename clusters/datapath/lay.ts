import type { Mode } from '../../harness/model/mode.ts';
import { applyScript } from './apply.ts';
import { type DatapathContext, encryptionOf, lookUp } from './context.ts';
import { nodePlan, routeMtu } from './plan/node.ts';
import { EMPTY_PLAN } from './plan/node-plan.ts';
import { resetPlan } from './plan/reset.ts';
import { forcedScript, planScript } from './plan/script.ts';
import { perFamily } from './topology.ts';
import { expectClean, leftoverProbe } from './verify-clean.ts';

/**
 * Bring every node to the layout of a mode, from whatever layout it has. cilium_host and the tunnel device stay where they are, so
 * captures on them go on. One shell run a node and one a pod.
 */
export async function layOut(context: DatapathContext, mode: Mode): Promise<void> {
  const { options } = context;
  const { routing } = options.intent;
  const encryption = encryptionOf(context, mode);
  // Before the first change: a layout that breaks half-way is reported as what it was to become, never as the one before.
  context.laid = mode;
  context.publishedKeys.clear();
  context.publishedIds.clear();
  await Promise.all(
    context.views.map(async (view) => {
      const reset = forcedScript(resetPlan(view, { devices: false }));
      const script = planScript(nodePlan(encryption, view, routing));
      await applyScript(options.host(view.self.name), `${reset}${script}`, `laying out ${mode}`);
      if (mode === 'wireguard') {
        context.publishedKeys.set(view.self.name, lookUp(context.wireguardKeys, view.self.name, 'WireGuard key').publicKey);
      }
    }),
  );
  await setPodMtu(context, routeMtu(encryption, routing));
  options.progress?.(
    `${mode === 'none' ? 'no encryption' : mode} laid out on ${context.views.length} nodes (Cilium ${context.profile.version}, ${routing})`,
  );
}

/** Take everything away and make sure of it. */
export async function tearDown(context: DatapathContext): Promise<void> {
  await Promise.all(
    context.views.map(async (view) => {
      const script = `${forcedScript(resetPlan(view, { devices: true }))}${leftoverProbe(view)}`;
      expectClean(view.self.name, await applyScript(context.options.host(view.self.name), script, 'taking the layout away'));
    }),
  );
  context.laid = 'none';
  context.publishedKeys.clear();
  context.publishedIds.clear();
  context.options.progress?.(`layout taken away on ${context.views.length} nodes`);
}

/** The CNI plugin sets the MTU of a pod's default route; the device keeps the link's. */
async function setPodMtu(context: DatapathContext, mtu: number): Promise<void> {
  await Promise.all(
    context.views.flatMap((view) =>
      view.self.pods.map((pod) => {
        const routes = perFamily(view).map(({ self }) => `route replace default via ${self.internal} dev eth0 mtu ${mtu}`);
        return applyScript(context.options.pod(pod.name), planScript({ ...EMPTY_PLAN, ip: routes }), `setting the route MTU ${mtu}`);
      }),
    ),
  );
}
