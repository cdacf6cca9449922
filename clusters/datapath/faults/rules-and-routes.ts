import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch } from './on-first-node.ts';

export const RULE_GONE: DatapathFault = {
  id: 'L14',
  what: 'the ip rule that sends packets to decrypt to table 200 is deleted on the first node',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [{ mode: 'ipsec', reddens: checks('RUL-01'), implies: checks('XFR-08 WIR-01 WIR-02 WIR-03 WIR-10 WIR-11 WIR-13') }],
  why: '',
  inject: async (context) => {
    const { view } = firstPair(context, 'L14', 'ipsec');
    await ipBatch(context, view.self.name, ['rule del pref 1 fwmark 0xd00/0xf00 lookup 200'], 'fault L14');
  },
};

export const TABLE_ROUTE_GONE: DatapathFault = {
  id: 'L15',
  what: 'the local route of table 200 is deleted on the first node',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [{ mode: 'ipsec', reddens: checks('RUL-02 RUL-03'), implies: checks('XFR-08 WIR-01 WIR-02 WIR-03 WIR-10 WIR-11 WIR-13') }],
  why: '',
  inject: async (context) => {
    const { view } = firstPair(context, 'L15', 'ipsec');
    await ipBatch(context, view.self.name, [`route del local ${view.self.podCidr} table 200`], 'fault L15');
  },
};
