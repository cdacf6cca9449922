import { layOut } from '../lay.ts';
import { cell } from './cells.ts';
import type { DatapathFault } from './fault.ts';

export const OTHER_MODE: DatapathFault = {
  id: 'L02',
  what: 'the other mode than the claimed one is set up',
  like: 'F32',
  when: 'instead-of-enable',
  scenario: 'steady',
  cells: [
    // Nothing on record explains ciphertext of the other mode between two nodes.
    cell(
      { mode: 'ipsec' },
      'PRE-01 CFG-01 XFR-01 XFR-06 RUL-01 RUL-02 WIR-02',
      'PRE-02 PRE-06 CFG-02 CFG-03 CFG-04 CFG-08 CFG-09 XFR-02 XFR-03 XFR-05 XFR-07 XFR-09 XFR-10 XFR-11 WIR-01 WIR-03 WIR-04 WIR-05 WIR-06 WIR-09 WIR-10 WIR-11 WIR-13',
    ),
    // Traffic of the nodes is then in the clear: IPsec here has no node encryption.
    cell(
      { mode: 'wireguard', nodeEncryption: true },
      'PRE-01 CFG-01 XFR-11 WGD-01 WGD-02 WIR-01 WIR-02 WIR-03',
      'PRE-06 CFG-05 CFG-08 WGD-03 WGD-04 WGD-05 WGD-06 WIR-04 WIR-08 WIR-10 WIR-11 WIR-13',
    ),
    cell(
      { mode: 'wireguard' },
      'PRE-01 CFG-01 XFR-11 WGD-01 WGD-02 WIR-02',
      'PRE-06 CFG-05 CFG-08 WGD-03 WGD-04 WGD-05 WGD-06 WIR-01 WIR-03 WIR-04 WIR-08 WIR-10 WIR-11 WIR-13',
    ),
  ],
  why: 'the wire is unreadable all the same: what is there is the ciphertext of the other mode, and nothing of the claimed one is in the kernel',
  inject: (context) => layOut(context, context.options.intent.mode === 'wireguard' ? 'ipsec' : 'wireguard'),
};
