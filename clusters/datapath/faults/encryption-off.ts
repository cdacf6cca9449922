import { layOut } from '../lay.ts';
import { CLEAR, cell, NO_ESP } from './cells.ts';
import type { DatapathFault } from './fault.ts';

/** The cluster is started without encryption; agents, ConfigMap and kernel agree, only the claim is false. */
export const ENCRYPTION_OFF: DatapathFault = {
  id: 'L01',
  what: 'encryption is off though claimed',
  like: 'F32',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'ipsec' },
      'PRE-01 CFG-01 XFR-01 XFR-06 XFR-07 RUL-01 RUL-02 WIR-01 WIR-02 WIR-03',
      CLEAR,
      NO_ESP,
      'PRE-02 PRE-06 CFG-02 CFG-03 CFG-04 CFG-08 CFG-09 XFR-02 XFR-03 XFR-05 XFR-09 XFR-10 XFR-11',
    ),
    cell(
      { mode: 'wireguard' },
      'PRE-01 CFG-01 WGD-01 WGD-02 WIR-01 WIR-02 WIR-03',
      CLEAR,
      'PRE-06 CFG-05 CFG-08 WGD-03 WGD-04 WGD-05 WGD-06 WIR-08 WIR-13',
    ),
  ],
  why: 'nothing of the mode is in the kernel, in the configuration or on the wire, so each check of it has nothing to support it',
  inject: (context) => layOut(context, 'none'),
};
