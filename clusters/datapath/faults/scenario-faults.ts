import type { DatapathContext } from '../context.ts';
import { cell, MARKED_TO_TABLE_200, NATIVE_LOSES } from './cells.ts';
import { ADDRESS_LEFT_CLEAR, FIRST_PACKETS_CLEAR, LAST_PACKETS_CLEAR } from './clear-first-packets.ts';
import type { DatapathFault } from './fault.ts';

function firstNode(context: DatapathContext, fault: string): string {
  const name = context.views[0]?.self.name;
  if (name === undefined || context.laid !== 'ipsec') throw new RangeError(`fault ${fault} needs IPsec, but ${context.laid} is set up`);
  return name;
}

const STALE_KEY: DatapathFault = {
  id: 'L10',
  what: 'after a rotation the first node keeps the SAs and policies of the old key',
  like: 'F18, F25',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'ipsec' }, 'ROT-05', 'XFR-11 ROT-06')],
  why: 'nothing sends under the old key any more, so no request is lost and no old SPI is on the wire; only the kernel shows what is left, and its keys are those from before',
  inject: async (context) => {
    context.course.keepsOld.add(firstNode(context, 'L10'));
  },
};

const REMOVED_FIRST: DatapathFault = {
  id: 'L24',
  what: 'in a rotation the first node deletes what sends under the old key before it has what sends under the new one; the block policy is there',
  like: 'F14',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'ipsec' }, 'ROT-03', 'ROT-02 XFR-08')],
  why: 'packets still carry the mark of the old key and meet the block policy: lost for a second, never readable',
  inject: async (context) => {
    context.course.removesFirst.set(firstNode(context, 'L24'), 'out-blocked');
  },
};

const REMOVED_FIRST_CLEAR: DatapathFault = {
  id: 'L24b',
  what: 'the same without the block policy',
  like: 'F11, F14',
  when: 'scenario',
  scenario: 'rotation',
  cells: [
    cell({ mode: 'ipsec', routings: ['native'], profiles: MARKED_TO_TABLE_200 }, 'ROT-03', 'ROT-02 XFR-08'),
    // Between the two deletions a packet may meet the block policy.
    cell({ mode: 'ipsec' }, 'ROT-04', 'ROT-02 ROT-03 XFR-08'),
  ],
  why: `no policy matches any more, so the packets leave as they are, and the receiver takes them: every request is answered. ${NATIVE_LOSES}`,
  inject: async (context) => {
    context.course.removesFirst.set(firstNode(context, 'L24b'), 'out-unblocked');
  },
};

const RECEIVER_FIRST: DatapathFault = {
  id: 'L24c',
  what: 'in a rotation the first node deletes the SAs that decrypt under the old key while the others still send under it',
  like: 'F14, F18',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'ipsec' }, 'ROT-02 ROT-03', 'XFR-08')],
  why: 'the old SPI is on the wire and its receiver drops it (XfrmInNoStates) until the senders switch',
  inject: async (context) => {
    context.course.removesFirst.set(firstNode(context, 'L24c'), 'in');
  },
};

const SAME_KEY: DatapathFault = {
  id: 'L25',
  what: 'a rotation changes the key id and keeps the key',
  like: '',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'ipsec' }, 'ROT-06')],
  why: 'everything works and nothing is readable; only the fingerprints tell that the same key is in use under another SPI',
  inject: async (context) => {
    firstNode(context, 'L25');
    context.course.sameKey = true;
  },
};

const LEFT_BEHIND: DatapathFault = {
  id: 'L26',
  what: 'the last node never sees the new Secret',
  like: 'F18, rotation-missed-event of 1.14.5',
  when: 'scenario',
  scenario: 'rotation',
  cells: [cell({ mode: 'ipsec' }, 'ROT-01 ROT-05', 'ROT-02 ROT-03 ROT-06 XFR-08 XFR-11')],
  why: 'the others go on with the old SPI towards it, as it does itself, until they delete the old key after the grace time; then nothing passes, and nothing is readable',
  inject: async (context) => {
    firstNode(context, 'L26');
    const last = context.views.at(-1)?.self.name;
    if (last === undefined || context.views.length < 2) throw new RangeError('fault L26 needs two nodes');
    context.course.leftBehind.add(last);
  },
};

/** Faults of the moment `scenario`: a rotation or a new pod fails. They set the course beforehand; real operations then follow it. */
export const SCENARIO_FAULTS: readonly DatapathFault[] = [
  STALE_KEY,
  FIRST_PACKETS_CLEAR,
  LAST_PACKETS_CLEAR,
  ADDRESS_LEFT_CLEAR,
  REMOVED_FIRST,
  REMOVED_FIRST_CLEAR,
  RECEIVER_FIRST,
  SAME_KEY,
  LEFT_BEHIND,
];
