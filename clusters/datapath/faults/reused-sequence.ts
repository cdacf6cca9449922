import { applyScript } from '../apply.ts';
import { statesPlan } from '../plan/ipsec-states.ts';
import { cell, LOSS, ONE_IN_SA } from './cells.ts';
import type { DatapathFault } from './fault.ts';
import { firstPair, ipBatch, replaced } from './on-first-node.ts';

/** More than the receiver's window accepts, and few enough to be fast. */
const PACKETS = 64;
const PORT = 9000;

/** Datagrams from a pod to another, one after the other, so that all have passed at the end. */
const sender = (address: string) => `exec perl -e '
socket(my $s, 2, 2, 0) or die "socket: $!"; connect($s, pack("S n C4 x8", 2, ${PORT}, split /\\./, "${address}")) or die "connect: $!";
for my $n (1 .. ${PACKETS}) { defined send($s, "before the restart $n", 0) or die "send: $!"; my $set = ""; vec($set, fileno $s, 1) = 1;
select($set, undef, undef, 5) > 0 or die "no answer to datagram $n"; recv($s, my $answer, 2048, 0) }'
`;

/** Seen on a real 1.18.3 agent: restarted after a flush, it configures the same keys again with sequence number 0. */
export const SEQUENCE_REUSED: DatapathFault = {
  id: 'L40',
  what: 'the SAs of the first node are created again with the same keys and sequence number 0 while traffic flows',
  like: 'real 1.18.3',
  when: 'during-traffic',
  scenario: 'steady',
  cells: [cell({ mode: 'ipsec', profiles: ONE_IN_SA }, 'WIR-09', 'XFR-09'), cell({ mode: 'ipsec' }, 'XFR-08 WIR-09', LOSS, 'XFR-09')],
  why: "the numbers that were used are used again under one key: the receiver's window takes them for replays and drops them (XfrmInStateSeqError); without a window (1.14) it takes them, and nothing is lost",
  inject: async (context) => {
    const { view, peer, options } = firstPair(context, 'L40', 'ipsec');
    const [from, to] = [view.self.pods[0], peer.pods[0]];
    if (from === undefined || to === undefined) throw new RangeError('fault L40 needs a pod on each of two nodes');
    await applyScript(context.options.pod(from.name), sender(to.address), 'traffic before fault L40');
    await ipBatch(
      context,
      view.self.name,
      replaced(statesPlan(options, view), (add) => add),
      'fault L40',
    );
  },
};
