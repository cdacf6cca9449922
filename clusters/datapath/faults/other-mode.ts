import { layOut } from '../lay.ts';
import { cell, LOSS, NO_ESP } from './cells.ts';
import type { DatapathFault } from './fault.ts';

export const OTHER_MODE: DatapathFault = {
  id: 'L02',
  what: 'the other mode than the claimed one is laid out',
  like: 'F32',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    cell(
      { mode: 'ipsec' },
      'PRE-01 CFG-01 XFR-01 XFR-06 RUL-01 RUL-02 WIR-02',
      LOSS,
      NO_ESP,
      'CFG-02 CFG-03 CFG-04 CFG-07 XFR-02 XFR-03 XFR-04 XFR-05 XFR-07 XFR-09 XFR-10 XFR-11 WIR-07 RUL-03',
    ),
    cell(
      { mode: 'wireguard' },
      'PRE-01 CFG-01 XFR-11 WGD-01 WGD-02 WIR-02',
      LOSS,
      'CFG-05 WGD-03 WGD-04 WGD-05 WGD-06 WIR-08 WIR-13 RUL-03',
    ),
  ],
  why: 'the wire is unreadable all the same: what is there is the ciphertext of the other mode, and nothing of the claimed one is in the kernel',
  inject: (context) => layOut(context, context.options.intent.mode === 'wireguard' ? 'ipsec' : 'wireguard'),
};
