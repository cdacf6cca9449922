import { layOut } from '../lay.ts';
import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** The cluster is simply started without encryption; agents, ConfigMap and kernel agree, only the claim is false. */
export const ENCRYPTION_OFF: DatapathFault = {
  id: 'L01',
  what: 'encryption is off though claimed',
  like: 'F32',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    {
      mode: 'ipsec',
      reddens: checks('PRE-01 CFG-01 XFR-01 WIR-01 WIR-02 WIR-03'),
      implies: checks(
        'XFR-06 XFR-07 RUL-01 RUL-02 WIR-05 WIR-06 WIR-07 WIR-09 WIR-10 WIR-11 WIR-13 XFR-02 XFR-03 XFR-04 XFR-05 XFR-09 XFR-10 CFG-07',
      ),
    },
    {
      mode: 'wireguard',
      reddens: checks('PRE-01 CFG-01 WGD-01 WIR-01 WIR-02 WIR-03'),
      implies: checks('WGD-02 WGD-03 WGD-04 WGD-05 WGD-06 WIR-08 WIR-10 WIR-11 WIR-13'),
    },
  ],
  why: '',
  inject: (context) => layOut(context, 'none'),
};
