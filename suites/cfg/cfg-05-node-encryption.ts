import { configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';

export const cfg05 = stateCheck(
  {
    id: 'CFG-05',
    title: 'node encryption as intended, opt-out labels listed',
    modes: ['ipsec', 'wireguard'],
    evidence: 'cilium config and cilium status of every node, before',
    controls: ['L22'],
  },
  (x, { manifest: { intent } }) => {
    for (const node of x.once('ciliumConfig')) {
      const value = configured(x, node, 'encrypt-node');
      const status = x.use(node.ciliumStatus)?.encryption.nodeEncryption;
      if (value === undefined && status === undefined) x.gap(`${at(node)}: neither config nor status says whether node encryption is on`);
      if (value !== undefined)
        x.expect(
          value === String(intent.nodeEncryption),
          `${at(node)}: encrypt-node is ${value}, the intent claims ${intent.nodeEncryption}`,
        );
      if (status !== undefined)
        x.expect(
          /^enabled/i.test(status) === intent.nodeEncryption,
          `${at(node)}: NodeEncryption is ${status}, the intent claims ${intent.nodeEncryption}`,
        );
      const labels = configured(x, node, 'node-encryption-opt-out-labels-string', 'node-encryption-opt-out-labels');
      if (intent.nodeEncryption && labels) x.note(`opt-out labels: ${labels}`);
    }
    return x.conclude(`node encryption ${intent.nodeEncryption}`, 'statements');
  },
);
