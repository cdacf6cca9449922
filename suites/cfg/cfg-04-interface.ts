import type { Check } from '../../harness/judge/check.ts';
import { configured } from '../../harness/judge/state/agent-config.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at } from '../../harness/judge/state/examination.ts';

/** With native routing packets are decrypted at the interface where node traffic arrives. */
export const cfg04: Check = {
  id: 'CFG-04',
  must: 'With native routing the interface that decrypts is the one that node traffic uses',
  modes: ['ipsec'],
  evidence: 'configuration and encryption status of every agent, before',
  needs: ['agent-shell'],
  remedy: `See which interface decrypts (\`{agent} encrypt status\`, line Decryption interface(s)) and which one node traffic uses (\`ip route get ADDRESS-OF-ANOTHER-NODE\`). Up to 1.17 set \`encryption.ipsec.interface\`, from 1.18 \`devices\`, with Helm, then {restartAgents}.`,
  judge(x) {
    const expected = "the node's uplink decrypts";
    if (x.facts.manifest.intent.routing !== 'native') return x.set('not-applicable', 'the tunnel device decrypts in tunnel mode', expected);
    for (const node of x.once('encryptionStatus')) {
      const { uplink } = describedNode(x, node.node);
      const named = listOf(configured(x, node, 'encrypt-interface'));
      if (named.length > 0)
        x.expect(named.includes(uplink), `${at(node)}: encrypt-interface is ${named.join(', ')}, node traffic uses ${uplink}`, {
          node: node.node,
        });
      const status = x.use(node.encryptionStatus);
      const interfaces = status?.decryptionInterfaces ?? [];
      if (interfaces.length > 0)
        x.expect(interfaces.includes(uplink), `${at(node)}: decryption interfaces ${interfaces.join(', ')}, node traffic uses ${uplink}`, {
          node: node.node,
        });
      if (named.length === 0 && interfaces.length === 0) x.gap(`${at(node)}: no interface is named`, { node: node.node });
    }
    return x.conclude('interfaces', expected);
  },
};

/** `[eth0 eth1]`, `eth0,eth1` and `[]` as names. */
function listOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .replace(/[[\]]/g, ' ')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
}
