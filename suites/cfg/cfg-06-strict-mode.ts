import type { Check } from '../../harness/judge/check.ts';
import { configMapOption, configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';

/** The option up to 1.19, and the one from 1.20. */
const OLD = 'enable-encryption-strict-mode';
const NEW = 'enable-encryption-strict-mode-egress';

/** Newer charts ignore the old names without an error: only what the running agent prints counts. */
export const cfg06: Check = {
  id: 'CFG-06',
  must: 'Strict mode is on or off as claimed, in the configuration that the running agent prints: newer charts ignore the old option names without an error',
  modes: ['ipsec', 'wireguard'],
  evidence: 'configuration of every agent, before',
  needs: ['agent-shell'],
  remedy: `See the running value: \`{agent} config --all | grep -i strict\`. Up to 1.19 set \`encryption.strictMode.enabled\` and \`encryption.strictMode.cidr\`, from 1.20 \`encryption.strictMode.egress.enabled\` and \`encryption.strictMode.egress.cidr\`, with Helm, then {restartAgents}.`,
  judge(x) {
    const { intent } = x.facts.manifest;
    for (const node of x.once('agentConfig')) {
      if (x.use(node.agentConfig)?.length === 0) x.gap(`${at(node)}: the running config is empty`, { node: node.node });
      const value = configured(x, node, NEW, OLD) ?? 'absent';
      const due = configMapOption(x, node.snapshot, NEW, OLD);
      if (due !== undefined && due !== value && value !== 'absent')
        x.fault(`${at(node)}: strict mode is ${value}, and ${due} in the ConfigMap, which agents read at their next start`, {
          node: node.node,
        });
      x.expect((value === 'true') === intent.strictMode, `${at(node)}: strict mode is ${value}, the intent claims ${intent.strictMode}`, {
        node: node.node,
      });
    }
    return x.conclude('settings', `strict mode ${intent.strictMode}`);
  },
};
