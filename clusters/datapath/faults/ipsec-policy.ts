import type { DatapathContext } from '../context.ts';
import { BLOCK_SELECTOR, nodeOutSelector, outSelector } from '../plan/ipsec-policies.ts';
import type { Peer, View } from '../topology.ts';
import { checks } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch } from './on-first-node.ts';

/** Lines that delete the out policies of a peer. */
function deletions(context: DatapathContext, view: View, peer: Peer, fault: string): string[] {
  const { options } = firstPair(context, fault, 'ipsec');
  const lines = [`xfrm policy delete ${outSelector(options, peer)}`];
  if (options.profile.nodePair && options.tunnel) lines.push(`xfrm policy delete ${nodeOutSelector(options, view, peer)}`);
  return lines;
}

async function deleteOnFirst(context: DatapathContext, fault: string, block: boolean): Promise<void> {
  const { view, peer } = firstPair(context, fault, 'ipsec');
  const lines = [...deletions(context, view, peer, fault), ...(block ? [] : [`xfrm policy delete ${BLOCK_SELECTOR}`])];
  await ipBatch(context, view.self.name, lines, `fault ${fault}`);
}

/** Seen on a real 1.18.3 agent: plain VXLAN on the wire with every ping answered. */
export const POLICY_GONE: DatapathFault = {
  id: 'L03',
  what: 'the out policies towards one node are deleted on both sides, and the block policy with them',
  like: 'F11, F12',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    {
      mode: 'ipsec',
      reddens: checks('XFR-06 XFR-07 WIR-01 WIR-03'),
      implies: checks('WIR-02 WIR-05 WIR-06 WIR-07 WIR-09 WIR-10 WIR-11 WIR-13 XFR-09'),
    },
  ],
  why: '',
  inject: async (context) => {
    const { view, peer } = firstPair(context, 'L03', 'ipsec');
    await deleteOnFirst(context, 'L03', false);
    const other = context.views.find((candidate) => candidate.self.name === peer.name);
    const back = other?.peers.find((candidate) => candidate.name === view.self.name);
    if (other === undefined || back === undefined) throw new RangeError(`fault L03: ${peer.name} does not know ${view.self.name}`);
    const lines = [...deletions(context, other, back, 'L03'), `xfrm policy delete ${BLOCK_SELECTOR}`];
    await ipBatch(context, other.self.name, lines, 'fault L03');
  },
};

export const POLICY_GONE_BLOCKED: DatapathFault = {
  id: 'L04',
  what: 'the out policies towards one node are deleted on one node, the block policy stays: dropped, not clear',
  like: 'F11',
  when: 'after-enable',
  scenario: 'steady',
  cells: [{ mode: 'ipsec', reddens: checks('XFR-06 WIR-02'), implies: checks('XFR-08 CFG-07 WIR-01 WIR-03 WIR-10 WIR-11 WIR-13') }],
  why: '',
  inject: (context) => deleteOnFirst(context, 'L04', true),
};

export const ONE_DIRECTION_CLEAR: DatapathFault = {
  id: 'L05',
  what: 'the out policies towards one node and the block policy are deleted on one node: one direction is clear',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [{ mode: 'ipsec', reddens: checks('XFR-06 XFR-07 WIR-01'), implies: checks('WIR-02 WIR-03 WIR-10 WIR-11 WIR-13') }],
  why: '',
  inject: (context) => deleteOnFirst(context, 'L05', false),
};
