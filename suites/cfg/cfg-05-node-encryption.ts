import type { Check } from '../../harness/judge/check.ts';
import { configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';

export const cfg05: Check = {
  id: 'CFG-05',
  must: 'Node encryption is on or off as claimed; the labels that exclude nodes are listed',
  modes: ['ipsec', 'wireguard'],
  evidence: 'configuration and status of every agent, before',
  needs: ['agent-shell'],
  remedy: `See the running value: \`{agent} config --all | grep -i encryptnode\`. Set \`encryption.nodeEncryption\` with Helm, then {restartAgents}, or correct the claim (\`--node-encryption\`).`,
  judge(x) {
    const { intent } = x.facts.manifest;
    for (const node of x.once('agentConfig')) {
      const value = configured(x, node, 'encrypt-node');
      const status = x.use(node.agentStatus)?.encryption.nodeEncryption;
      if (value === undefined && status === undefined)
        x.gap(`${at(node)}: neither config nor status says whether node encryption is on`, { node: node.node });
      if (value !== undefined)
        x.expect(
          value === String(intent.nodeEncryption),
          `${at(node)}: encrypt-node is ${value}, the intent claims ${intent.nodeEncryption}`,
          { node: node.node },
        );
      if (status !== undefined)
        x.expect(
          /^enabled/i.test(status) === intent.nodeEncryption,
          `${at(node)}: NodeEncryption is ${status}, the intent claims ${intent.nodeEncryption}`,
          { node: node.node },
        );
      const labels = configured(x, node, 'node-encryption-opt-out-labels-string', 'node-encryption-opt-out-labels');
      if (intent.nodeEncryption && labels) x.note(`opt-out labels: ${labels}`);
    }
    return x.conclude('statements', `node encryption ${intent.nodeEncryption}`);
  },
};
