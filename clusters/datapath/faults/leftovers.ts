import { ipsecOptions } from '../context.ts';
import { BLOCK_SELECTOR, policiesPlan } from '../plan/ipsec-policies.ts';
import { statesPlan } from '../plan/ipsec-states.ts';
import { cell, LOSS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch } from './on-first-node.ts';

const isBlock = (line: string): boolean => line.includes(BLOCK_SELECTOR);

export const IPSEC_LEFT_BEHIND: DatapathFault = {
  id: 'L10b',
  what: 'IPsec was disabled, but its SAs and policies are still in the kernel of the first node beside WireGuard',
  like: 'F18, F25',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'XFR-11')],
  why: 'the left-over policies match marks with a node id, which WireGuard sets on nothing, so they touch no packet; only the block policy would (L39)',
  inject: async (context) => {
    const { view } = firstPair(context, 'L10b', 'wireguard');
    const options = ipsecOptions(context);
    const policies = policiesPlan(options, view).filter((line) => !isBlock(line));
    await ipBatch(context, view.self.name, [...statesPlan(options, view), ...policies], 'fault L10b');
  },
};

/** Seen on a real 1.20-dev agent after IPsec was changed to WireGuard. */
export const BLOCK_LEFT_BEHIND: DatapathFault = {
  id: 'L39',
  what: "IPsec was changed to WireGuard, and IPsec's block policy is left behind on the first node",
  like: 'real 1.20-dev',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'wireguard' }, 'XFR-11 XFR-08 WIR-02', LOSS, 'WGD-05 WIR-08 WIR-13')],
  why: "WireGuard's own packets carry 0xe00 or 0x1e00, both match 0xe00/0xf00: the policy drops them (XfrmOutPolBlock), nothing is answered and nothing is readable",
  inject: async (context) => {
    const { view } = firstPair(context, 'L39', 'wireguard');
    const policies = policiesPlan(ipsecOptions(context), view).filter(isBlock);
    await ipBatch(context, view.self.name, policies, 'fault L39');
  },
};
