import { configured } from '../../harness/judge/state/agent-config.ts';
import { at } from '../../harness/judge/state/examination.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';

/** The switch itself, in the running configuration. */
export const cfg01 = stateCheck(
  {
    id: 'CFG-01',
    title: '`enable-ipsec` / `enable-wireguard` true in the running config',
    modes: ['ipsec', 'wireguard'],
    evidence: 'cilium config of every node and the ConfigMap, before',
    controls: ['L01', 'L02'],
  },
  (x, { manifest: { intent } }) => {
    const [on, off] = intent.mode === 'ipsec' ? ['enable-ipsec', 'enable-wireguard'] : ['enable-wireguard', 'enable-ipsec'];
    for (const node of x.once('ciliumConfig')) {
      const [value, other] = [configured(x, node, on), configured(x, node, off)];
      if (value === undefined) x.gap(`${at(node)}: neither the agent nor the ConfigMap says ${on}`);
      else x.expect(value === 'true', `${at(node)}: ${on} is ${value}, the intent claims ${intent.mode}`);
      if (other === 'true') x.fault(`${at(node)}: ${off} is true, the intent claims ${intent.mode}`);
    }
    return x.conclude(`${on} true on every node`, 'switches');
  },
);
