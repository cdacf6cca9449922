import { layOut } from '../lay.ts';
import type { DatapathFault } from './fault.ts';

/** The cluster is simply started without encryption; agents, ConfigMap and kernel agree, only the claim is false. */
export const ENCRYPTION_OFF: DatapathFault = {
  id: 'L01',
  what: 'encryption is off though claimed',
  when: 'instead-of-enable',
  inject: (context) => layOut(context, 'none'),
};
