import { layOut } from '../lay.ts';
import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';

export const OTHER_MODE: DatapathFault = {
  id: 'L02',
  what: 'the other mode than the claimed one is laid out',
  like: 'F32',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    {
      mode: 'ipsec',
      reddens: checks('PRE-01 CFG-01 WIR-02'),
      implies: checks(
        'XFR-01 XFR-02 XFR-03 XFR-04 XFR-05 XFR-06 XFR-07 XFR-09 XFR-10 RUL-01 RUL-02 CFG-07 WIR-05 WIR-06 WIR-07 WIR-09 WIR-10 WIR-11 WIR-13',
      ),
    },
    {
      mode: 'wireguard',
      reddens: checks('PRE-01 CFG-01 WIR-02'),
      implies: checks('WGD-01 WGD-02 WGD-03 WGD-04 WGD-05 WGD-06 WIR-08 WIR-10 WIR-11 WIR-13'),
    },
  ],
  why: '',
  inject: (context) => layOut(context, context.options.intent.mode === 'wireguard' ? 'ipsec' : 'wireguard'),
};
