import { randomBytes } from 'node:crypto';
import { cell, LOSS } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { deletionOf, firstPair, inStates, ipBatch, replaced } from './on-first-node.ts';

/** A line of `xfrm state add` with another key. */
function otherKey(add: string): string {
  return add.replace(/(aead \S+ 0x)([0-9a-f]+)/, (_, before: string, key: string) => before + randomBytes(key.length / 2).toString('hex'));
}

export const WRONG_KEY: DatapathFault = {
  id: 'L07',
  what: 'the first node holds another key than its peer in the SAs that decrypt the peer',
  like: 'F15',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-03 XFR-04 XFR-08 WIR-07', LOSS)],
  why: 'the integrity check fails and the packet is dropped: XfrmInStateProtoError grows; ESP goes on in one direction, and nothing is answered',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L07', 'ipsec');
    await ipBatch(context, view.self.name, replaced(inStates(options, view, peer), otherKey), 'fault L07');
  },
};

export const IN_STATE_GONE: DatapathFault = {
  id: 'L08',
  what: 'the SAs that decrypt one peer are deleted on the first node',
  like: 'F14',
  when: 'after-enable',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec' }, 'XFR-01 XFR-08', LOSS, 'WIR-06')],
  why: 'ESP meets no SA and is dropped: XfrmInNoStates grows; its SPI is then one that the receiver does not have',
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L08', 'ipsec');
    await ipBatch(context, view.self.name, inStates(options, view, peer).map(deletionOf), 'fault L08');
  },
};

/** Seen on a real 1.14.5 agent, which restores nothing until it restarts. */
export const FLUSHED: DatapathFault = {
  id: 'L41',
  what: 'all SAs and policies are flushed on the first node',
  like: 'F12, real 1.14.5',
  when: 'after-enable',
  scenario: 'steady',
  cells: [
    cell({ mode: 'ipsec', routings: ['native'] }, 'PRE-01 XFR-01 XFR-06 XFR-07 XFR-08 WIR-02', LOSS, 'PRE-06 CFG-04 CFG-08 XFR-03 WIR-06'),
    cell({ mode: 'ipsec' }, 'PRE-01 XFR-01 XFR-06 XFR-07 XFR-08 WIR-01 LIF-06', LOSS, 'PRE-06 CFG-08 XFR-03 WIR-06'),
  ],
  why: 'the node sends in the clear, and drops the ESP of its peers (XfrmInNoStates): its requests are readable and get no answer; its agent reports what the kernel has, which is no encryption. With native routing what it sends is lost in cilium_host, which passes on ESP alone',
  inject: async (context) => {
    const { view } = firstPair(context, 'L41', 'ipsec');
    await ipBatch(context, view.self.name, ['xfrm state flush', 'xfrm policy flush'], 'fault L41');
  },
};
