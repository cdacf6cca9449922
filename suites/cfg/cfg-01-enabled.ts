import type { Check } from '../../harness/judge/check.ts';
import { configMapOption, configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';

/** The switch in the running configuration. */
export const cfg01: Check = {
  id: 'CFG-01',
  must: 'The running configuration has the claimed mode on (`enable-ipsec` or `enable-wireguard`) and the other one off',
  modes: ['ipsec', 'wireguard'],
  evidence: 'configuration of every agent and the ConfigMap, and how many settings the agent counts as different between the two, before',
  subject: 'claim',
  needs: ['agent-shell'],
  remedy: `Compare the ConfigMap with the running configuration: \`kubectl -n kube-system get cm {configMap} -o yaml | grep -E "enable-(ipsec|wireguard)"\` and \`{agent} config --all | grep -iE "enable(ipsec|wireguard)"\`. Set \`encryption.enabled\` and \`encryption.type\` with Helm, then {restartAgents}.`,
  judge(x) {
    const { intent } = x.facts.manifest;
    const [on, off] = intent.mode === 'ipsec' ? ['enable-ipsec', 'enable-wireguard'] : ['enable-wireguard', 'enable-ipsec'];
    for (const node of x.once('agentConfig')) {
      const [value, other] = [configured(x, node, on), configured(x, node, off)];
      if (value === undefined) x.gap(`${at(node)}: neither the agent nor the ConfigMap has ${on}`, { node: node.node });
      else x.expect(value === 'true', `${at(node)}: ${on} is ${value}, the intent claims ${intent.mode}`, { node: node.node });
      // Debug logs have contained secrets (CVE-2023-29002), and everybody who may read logs could read them.
      if (/^(?:true|enabled)$/i.test(configured(x, node, 'debug') ?? ''))
        x.note(`${at(node)}: the agent runs in debug mode, whose logs can hold confidential data`);
      const [drift = 0] = node.configDrift.ok ? node.configDrift.value : [];
      if (drift > 0) {
        x.cite(...node.configDrift.evidence);
        x.note(
          `${at(node)}: the agent counts ${drift} setting(s) that differ from the ConfigMap, which it reads at its next start; its log names them`,
        );
      }
      if (other === 'true') x.fault(`${at(node)}: ${off} is true, the intent claims ${intent.mode}`, { node: node.node });
    }
    // An agent that restarts uses the ConfigMap of that time.
    for (const { snapshot } of x.facts.state.api.filter(({ snapshot }) => snapshot !== 'clear' && snapshot !== 'end')) {
      const [value, other] = [configMapOption(x, snapshot, on), configMapOption(x, snapshot, off)];
      const map = x.facts.state.api.find((api) => api.snapshot === snapshot)?.configMap;
      if (value === undefined && map?.ok === true)
        x.gap(`the ConfigMap ${snapshot} has no ${on}, so it is off: agents lose ${intent.mode} when they restart`);
      else if (value !== undefined)
        x.expect(value === 'true', `the ConfigMap ${snapshot} has ${on} ${value}: agents lose ${intent.mode} when they restart`);
      if (other === 'true') x.fault(`the ConfigMap ${snapshot} has ${off} true, the intent claims ${intent.mode}`);
    }
    return x.conclude('switches', `${on} true on every node`);
  },
};
