import { cell } from './cells.ts';
import { openGap } from './clear-first-packets.ts';
import type { DatapathFault } from './fault.ts';

/** CVE-2024-25630: what the agents hold themselves was not among the addresses that the other nodes encrypt for. */
export const HEALTH_CLEAR: DatapathFault = {
  id: 'L82',
  what: 'packets from and to the health endpoint of the second node are readable: its address is none of those that are encrypted',
  like: 'F04',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'WIR-01 WIR-03 WIR-11'), cell({ mode: 'wireguard' }, 'WIR-01 WIR-03 WIR-11')],
  why: 'every request is answered, and the endpoint has an address of the pod range as every pod has; packets of pods are encrypted as before, so only who asks the health endpoint sees it',
  inject: async (context) => {
    const node = context.nodes.find(({ health }, index) => index > 0 && health !== undefined);
    if (context.laid === 'none' || node?.health === undefined)
      throw new RangeError('fault L82 needs encryption, and a second node that has a health endpoint');
    await openGap(context, { name: `${node.name}/health`, node: node.name, addresses: node.health.addresses }, 'L82');
  },
};
