import { layOut } from '../lay.ts';
import type { DatapathFault } from './fault.ts';

export const OTHER_MODE: DatapathFault = {
  id: 'L02',
  what: 'the other mode than the claimed one is laid out',
  when: 'instead-of-enable',
  inject: (context) => layOut(context, context.options.intent.mode === 'wireguard' ? 'ipsec' : 'wireguard'),
};
