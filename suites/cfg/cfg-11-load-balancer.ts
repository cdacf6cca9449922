import type { Check } from '../../harness/judge/check.ts';
import { configMapOption, configured } from '../../harness/judge/state/agent-config.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';

/** Options by the names of releases up to 1.17, and of the ConfigMap; the value that every release has where none is set. */
const MODE = { names: ['node-port-mode', 'bpf-lb-mode'], usual: 'snat' };
const DISPATCH = { names: ['load-balancer-dsr-dispatch', 'bpf-lb-dsr-dispatch'], usual: 'opt' };
const XDP = { names: ['node-port-acceleration', 'bpf-lb-acceleration'], usual: 'disabled' };
const REPLACEMENT = 'kube-proxy-replacement';

/** CFG-11: what is expected of requests from outside depends on how they are sent on, which is a claim. */
export const cfg11: Check = {
  id: 'CFG-11',
  must: 'Requests of clients outside are sent on to pods of other nodes as claimed: SNAT, or DSR and how, and by XDP or not',
  modes: ['ipsec', 'wireguard'],
  evidence: 'configuration of every agent and the ConfigMap, before',
  subject: 'claim',
  needs: ['agent-shell'],
  remedy: `See the values: \`kubectl -n kube-system get cm {configMap} -o yaml | grep -E "bpf-lb-|kube-proxy-replacement"\`. Set \`loadBalancer.mode\`, \`loadBalancer.dsrDispatch\` and \`loadBalancer.acceleration\` with Helm, then {restartAgents}, or correct the claim (\`loadBalancer\`, \`loadBalancerXdp\`).`,
  judge(x) {
    const { loadBalancer, loadBalancerXdp } = x.facts.manifest.intent;
    if (loadBalancer === undefined && loadBalancerXdp === undefined)
      return x.set('not-applicable', 'the intent claims nothing of how requests from outside are sent on');
    for (const node of x.once('agentConfig')) {
      if (x.use(node.agentConfig)?.length === 0) x.gap(`${at(node)}: the running config is empty`, { node: node.node });
      const replaced = isReplaced(x, node);
      const mode = modeOf(x, node, replaced);
      if (loadBalancer !== undefined)
        x.expect(mode === loadBalancer, `${at(node)}: requests from outside are sent on by ${mode}, the intent claims ${loadBalancer}`, {
          node: node.node,
        });
      const xdp = settingOf(x, node, XDP);
      if (loadBalancerXdp !== undefined)
        x.expect(
          (xdp !== 'disabled' && replaced) === loadBalancerXdp,
          `${at(node)}: acceleration by XDP is ${xdp}${replaced ? '' : ', and kube-proxy is not replaced'}, the intent claims ${loadBalancerXdp}`,
          { node: node.node },
        );
    }
    return x.conclude(
      'settings',
      [loadBalancer, loadBalancerXdp === undefined ? undefined : `XDP ${loadBalancerXdp}`].filter(Boolean).join(', '),
    );
  },
};

/** In the words of the claim. `hybrid` is DSR for TCP, by which requests are driven. Without the replacement kube-proxy does SNAT. */
function modeOf(x: Examination, node: NodeState, replaced: boolean): string {
  const mode = settingOf(x, node, MODE);
  if (mode === 'snat' || !replaced) return 'snat';
  return ['dsr', 'hybrid'].includes(mode) ? `dsr-${settingOf(x, node, DISPATCH)}` : mode;
}

/** Whether the agent does the work of kube-proxy. Other values (`partial`, `probe` of older releases) do not tell who sends requests on. */
function isReplaced(x: Examination, node: NodeState): boolean {
  const value = configured(x, node, REPLACEMENT) ?? 'false';
  if (!['true', 'strict', 'false', 'disabled'].includes(value))
    x.gap(`${at(node)}: ${REPLACEMENT} is ${value}, which does not tell whether the agent or kube-proxy sends requests on`, {
      node: node.node,
    });
  return ['true', 'strict'].includes(value);
}

/** The value in force. An agent that prints none has what the ConfigMap says, else what every release has. */
function settingOf(
  x: Examination,
  node: NodeState,
  { names, usual }: { readonly names: readonly string[]; readonly usual: string },
): string {
  const value = configured(x, node, ...names);
  const due = configMapOption(x, node.snapshot, ...names);
  if (value === undefined && x.facts.state.api.find(({ snapshot }) => snapshot === node.snapshot)?.configMap.ok !== true)
    x.gap(`${at(node)}: the agent prints no ${names.at(-1)}, and the ConfigMap was not read`, { node: node.node });
  if (value !== undefined && due !== undefined && due !== value)
    x.fault(`${at(node)}: ${names.at(-1)} is ${value}, but the ConfigMap has ${due}, which agents read at their next start`, {
      node: node.node,
    });
  return value ?? usual;
}
