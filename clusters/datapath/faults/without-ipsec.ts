import { layNode } from '../lay.ts';
import { cell, LOSS, TUNNEL_IN_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair } from './on-first-node.ts';

/** What agent 1.18.3 wrote when it happened. */
const RETRIED = 'Failed to initialize datapath, retrying later';

/** Seen on a real 1.18.3 agent at its first start on a slow node; deleting its pod fixed it. */
export const RETRY_WITHOUT_IPSEC: DatapathFault = {
  id: 'L60',
  what: "the first node's agent failed to initialise the datapath and tried again without IPsec: devices and programs are there, no SA, policy or rule is, and it reports IPsec all the same",
  like: 'real 1.18.3',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'ipsec', routings: TUNNELS, profiles: TUNNEL_IN_ESP },
      'PRE-04 PRE-06 CFG-07 CFG-08 XFR-01 XFR-06 XFR-07 XFR-08 RUL-01 RUL-02 WIR-01 WIR-02 WIR-03 WIR-06 WIR-10 WIR-11 LIF-06',
    ),
    cell(
      { mode: 'ipsec' },
      'PRE-04 PRE-06 XFR-01 XFR-06 XFR-07 RUL-01 RUL-02 WIR-01 LIF-06',
      LOSS,
      'CFG-04 CFG-07 CFG-08 XFR-03 XFR-05 XFR-08 XFR-09 RUL-03 WIR-05 WIR-06 WIR-09 WIR-13',
    ),
  ],
  why: 'what the node sends is readable, and it drops the ESP of its peers (XfrmInNoStates), so nothing is answered; its CiliumNode publishes the key id and its status says IPsec, with 0 keys in use. A real agent leaves the route to the remote pod CIDR out as well: its programs find the way without it, those of the lab do not',
  inject: async (context) => {
    const { view } = firstPair(context, 'L60', 'ipsec');
    await layNode({ ...context, laid: 'none' }, view);
    context.saysIpsec.add(view.self.name);
    context.logged.set(view.self.name, [{ level: 'error', message: RETRIED }]);
  },
};
