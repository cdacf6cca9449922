import { configured } from '../../harness/judge/state/agent-config.ts';
import { describedNode } from '../../harness/judge/state/associations.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { ipsecCheck } from '../../harness/judge/state/state-check.ts';

/** With native routing packets are decrypted where node traffic arrives. */
export const cfg04 = ipsecCheck(
  {
    id: 'CFG-04',
    title: 'direct routing: the encryption interface is the one the node traffic uses',
    evidence: 'cilium config and encrypt status of every node, before',
    controls: ['L44'],
  },
  (x) => {
    const expected = "the node's uplink decrypts";
    if (x.facts.manifest.intent.routing !== 'native') return x.set('not-applicable', expected, 'the tunnel device decrypts in tunnel mode');
    for (const node of x.once('encryptStatus')) {
      const { uplink } = describedNode(x, node.node);
      const named = listOf(configured(x, node, 'encrypt-interface'));
      if (named.length > 0)
        x.expect(named.includes(uplink), `${at(node)}: encrypt-interface is ${named.join(', ')}, node traffic uses ${uplink}`);
      const status = x.use(node.encryptStatus);
      const interfaces = status?.decryptionInterfaces ?? [];
      if (interfaces.length > 0)
        x.expect(interfaces.includes(uplink), `${at(node)}: decryption interfaces ${interfaces.join(', ')}, node traffic uses ${uplink}`);
      if (named.length === 0 && interfaces.length === 0) x.gap(`${at(node)}: no interface is named`);
    }
    return x.conclude(expected, 'interfaces');
  },
);

/** `[eth0 eth1]`, `eth0,eth1` and `[]` as names. */
function listOf(value: string | undefined): readonly string[] {
  return (value ?? '')
    .replace(/[[\]]/g, ' ')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
}
