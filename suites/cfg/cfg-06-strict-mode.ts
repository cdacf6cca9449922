import { configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';

/** The option up to 1.19, and the one that 1.20 knows. */
const OLD = 'enable-encryption-strict-mode';
const NEW = 'enable-encryption-strict-mode-egress';

/** Newer charts ignore the old names in silence: only what the running agent prints counts. */
export const cfg06 = stateCheck(
  {
    id: 'CFG-06',
    title: 'strict mode as intended and really present (renamed keys are silently ignored by newer charts)',
    modes: ['ipsec', 'wireguard'],
    evidence: 'cilium config of every node, before',
    controls: ['L45'],
  },
  (x, { manifest: { intent } }) => {
    for (const node of x.once('ciliumConfig')) {
      if (x.use(node.ciliumConfig)?.length === 0) x.gap(`${at(node)}: the running config is empty`);
      const value = configured(x, node, NEW, OLD) ?? 'absent';
      x.expect((value === 'true') === intent.strictMode, `${at(node)}: strict mode is ${value}, the intent claims ${intent.strictMode}`);
    }
    return x.conclude(`strict mode ${intent.strictMode}`, 'settings');
  },
);
