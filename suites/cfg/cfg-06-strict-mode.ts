import type { Check } from '../../harness/judge/check.ts';
import { configMapOption, configured } from '../../harness/judge/state/agent-config.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';

/** Strict mode for egress: the option up to 1.19, and the one from 1.20. */
const EGRESS = ['enable-encryption-strict-mode-egress', 'enable-encryption-strict-mode'];
/** Strict mode for ingress, from 1.19 (Documentation/operations/upgrade.rst). */
const INGRESS = ['enable-encryption-strict-mode-ingress'];

/** Newer charts ignore the old names without an error: only what the running agent prints counts. */
export const cfg06: Check = {
  id: 'CFG-06',
  must: 'Strict mode is on or off as claimed, for egress and for ingress, in the configuration that the running agent prints: newer charts ignore the old option names without an error',
  modes: ['ipsec', 'wireguard'],
  evidence: 'configuration of every agent, before',
  needs: ['agent-shell'],
  remedy: `See the running value: \`{agent} config --all | grep -i strict\`. Up to 1.19 set \`encryption.strictMode.enabled\` and \`encryption.strictMode.cidr\`, from 1.20 \`encryption.strictMode.egress.enabled\` and \`encryption.strictMode.egress.cidr\`; for ingress, from 1.19, \`encryption.strictMode.ingress.enabled\`; with Helm, then {restartAgents}.`,
  judge(x) {
    const { strictMode, strictIngress } = x.facts.manifest.intent;
    for (const node of x.once('agentConfig')) {
      if (x.use(node.agentConfig)?.length === 0) x.gap(`${at(node)}: the running config is empty`, { node: node.node });
      compare(x, node, 'strict mode', EGRESS, strictMode);
      compare(x, node, 'strict mode for ingress', INGRESS, strictIngress);
    }
    return x.conclude('settings', `strict mode ${strictMode}${strictIngress === undefined ? '' : `, for ingress ${strictIngress}`}`);
  },
};

/** If nothing is claimed, a setting that is on is only noted: it drops packets that would be readable. */
function compare(x: Examination, node: NodeState, what: string, names: readonly string[], claimed: boolean | undefined): void {
  const value = configured(x, node, ...names) ?? 'absent';
  const due = configMapOption(x, node.snapshot, ...names);
  const about = { node: node.node };
  if (due !== undefined && due !== value && value !== 'absent')
    x.fault(`${at(node)}: ${what} is ${value}, but the ConfigMap has ${due}, which agents read at their next start`, about);
  if (claimed !== undefined)
    x.expect((value === 'true') === claimed, `${at(node)}: ${what} is ${value}, the intent claims ${claimed}`, about);
  else if (value === 'true') x.note(`${at(node)}: ${what} is on, which the intent does not mention`);
}
