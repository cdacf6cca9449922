import type { DatapathContext } from '../context.ts';
import { BLOCK_SELECTOR, nodeOutSelector, outSelector } from '../plan/ipsec-policies.ts';
import type { IpsecOptions } from '../plan/ipsec-states.ts';
import type { Peer, View } from '../topology.ts';
import { BOTH, CLEAR, cell, ESP_IN_TUNNEL, LOSS, MARKED_TO_TABLE_200, NATIVE_LOSES, NO_ESP, TUNNELS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch } from './on-first-node.ts';

/** Lines that delete the out policies of a peer, and the block policy. */
function deletions(options: IpsecOptions, view: View, peer: Peer, what: { readonly block: boolean }): string[] {
  const lines = [`xfrm policy delete ${outSelector(options, peer)}`];
  if (options.profile.nodePair && options.tunnel) lines.push(`xfrm policy delete ${nodeOutSelector(options, view, peer)}`);
  return what.block ? [...lines, `xfrm policy delete ${BLOCK_SELECTOR}`] : lines;
}

async function deleteOnFirst(context: DatapathContext, fault: string, block: boolean): Promise<void> {
  const { view, peer, options } = firstPair(context, fault, 'ipsec');
  await ipBatch(context, view.self.name, deletions(options, view, peer, { block }), `fault ${fault}`);
}

/** Seen on a real 1.18.3 agent: plain VXLAN on the wire with every ping answered. */
export const POLICY_GONE: DatapathFault = {
  id: 'L03',
  what: 'the out policies between two nodes are deleted on both, and the block policy with them',
  like: 'F11, F12',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: ['native'], profiles: MARKED_TO_TABLE_200 }, 'XFR-06 XFR-07 WIR-02', LOSS, NO_ESP, 'WIR-07 XFR-09'),
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ESP_IN_TUNNEL, families: BOTH }, 'XFR-06 XFR-07 WIR-01 WIR-03', CLEAR, 'XFR-09'),
    cell({ mode: 'ipsec' }, 'XFR-06 XFR-07 XFR-09 WIR-01 WIR-03', CLEAR, NO_ESP, 'WIR-07'),
  ],
  why: `a marked packet that meets no policy leaves as it is, and every request is answered; no ESP is on the wire, so nothing about it can be said. ${NATIVE_LOSES}`,
  inject: async (context) => {
    const { view, peer, other, back, options } = firstPair(context, 'L03', 'ipsec');
    await ipBatch(context, view.self.name, deletions(options, view, peer, { block: true }), 'fault L03');
    await ipBatch(context, other.self.name, deletions(options, other, back, { block: true }), 'fault L03');
  },
};

export const POLICY_GONE_BLOCKED: DatapathFault = {
  id: 'L04',
  what: 'the out policies towards one node are deleted on one node, the block policy stays: dropped, not clear',
  like: 'F11',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-06 XFR-08 WIR-02', LOSS)],
  why: 'marked packets meet the block policy: XfrmOutPolBlock grows by each, nothing is answered, and nothing is readable',
  inject: (context) => deleteOnFirst(context, 'L04', false),
};

export const ONE_DIRECTION_CLEAR: DatapathFault = {
  id: 'L05',
  what: 'the out policies towards one node and the block policy are deleted on one node: one direction is clear',
  like: '',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: ['native'], profiles: MARKED_TO_TABLE_200 }, 'XFR-06 XFR-07 WIR-02', LOSS, 'XFR-09 WIR-07 WIR-13'),
    cell({ mode: 'ipsec', routings: TUNNELS, profiles: ESP_IN_TUNNEL, families: BOTH }, 'XFR-06 XFR-07 WIR-01 WIR-03', CLEAR, 'XFR-09'),
    cell({ mode: 'ipsec' }, 'XFR-06 XFR-07 XFR-09 WIR-01 WIR-03', CLEAR),
  ],
  why: `requests of one node and its replies are readable, the other direction is ESP; every request is answered. ${NATIVE_LOSES}`,
  inject: (context) => deleteOnFirst(context, 'L05', true),
};
