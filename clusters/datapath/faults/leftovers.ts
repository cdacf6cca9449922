import { ipsecOptions } from '../context.ts';
import { BLOCK_SELECTOR, podPolicies, policiesPlan } from '../plan/ipsec-policies.ts';
import { statesPlan } from '../plan/ipsec-states.ts';
import { layoutsWhere } from '../profile.ts';
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

/** Versions that have one `in` policy for everything: an update in place to them leaves those for the own pods. */
const WITH_WILDCARD = layoutsWhere(({ inPolicies }) => inPolicies === 'wildcard');

/** What an update in place leaves on the first node, with the first of the two policies changed. */
function leftByUpdate(
  statement: Pick<DatapathFault, 'id' | 'what' | 'why'>,
  reddens: string,
  change: (line: string) => string,
): DatapathFault {
  return {
    ...statement,
    like: '',
    when: 'after-enable',
    scenario: 'steady',
    cells: [cell({ mode: 'ipsec', profiles: WITH_WILDCARD }, reddens)],
    inject: async (context) => {
      const { view } = firstPair(context, statement.id, 'ipsec');
      const [decrypted = '', byProxy = ''] = podPolicies(view.self);
      await ipBatch(context, view.self.name, [change(decrypted), byProxy], `fault ${statement.id}`);
    },
  };
}

export const LEFT_TEMPLATE: DatapathFault = leftByUpdate(
  {
    id: 'L86',
    what: 'an update in place from 1.16 left its two `in` policies on the first node, and the template of one is optional, so that it lets in what was never encrypted',
    why: 'packets to the own pods are not for these policies, because ESP goes to the node: nothing is lost and nothing is readable, so only the policy itself tells. Both as 1.16 had them are allowed (H35)',
  },
  'XFR-06',
  (line) => `${line} level use`,
);

export const LEFT_PRIORITY: DatapathFault = leftByUpdate(
  {
    id: 'L86b',
    what: 'an update in place from 1.16 left its two `in` policies on the first node, and one has a priority that no agent sets',
    why: 'as L86: the policy is for no packet, and it is not as 1.16 had it',
  },
  'XFR-06',
  (line) => line.replace(' tmpl ', ' priority 50 tmpl '),
);

export const LEFT_ADDRESS: DatapathFault = leftByUpdate(
  {
    id: 'L86d',
    what: 'an update in place from 1.16 left its two `in` policies on the first node, and the template of one is for an address that no node has',
    why: 'as L86: the policy is for no packet, and decrypted packets come to the address of the node itself',
  },
  'XFR-06',
  (line) => line.replace(/( tmpl src \S+ dst )\S+/, (_, words: string) => `${words}${line.includes('::') ? '2001:db8::86' : '192.0.2.86'}`),
);

export const LEFT_MARK: DatapathFault = leftByUpdate(
  {
    id: 'L86c',
    what: 'an update in place from 1.16 left its two `in` policies on the first node, and one has a mark that no agent sets',
    why: 'as L86; marks of policies are what XFR-05 compares',
  },
  'XFR-05',
  (line) => line.replace('mark 0xd00 ', 'mark 0xc00 '),
);
