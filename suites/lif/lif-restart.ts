import { expectLossWithin } from '../../harness/judge/window/losses.ts';
import { eventsOf } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import { windowCheck } from '../window-check.ts';

/** Requests a flow may lose while agents restart: agent 1.14.5 lost 3 pings one way and 5 the other at five a second. */
export const RESTART_LOSS_BUDGET = 5;

/** LIF-01: the kernel goes on encrypting while nobody looks after it. */
export const lif01 = windowCheck(
  {
    id: 'LIF-01',
    title: 'agent restart under load: no plaintext, no loss beyond budget',
    scenarios: ['agent-restart'],
    evidence: 'sentinel capture of the whole window, every request that was sent in it, journal',
    controls: ['plaintext while agents restart'],
    expected: `no readable frame of traffic that must be encrypted, and each flow loses at most ${RESTART_LOSS_BUDGET} request(s)`,
    what: 'flows and windows',
  },
  (x) => {
    const restarts = eventsOf(x.facts, 'agent-restart');
    if (restarts.length === 0) x.gap('the journal names no restart of an agent');
    expectNoPlaintext(x);
    expectLossWithin(x, RESTART_LOSS_BUDGET);
    x.note(`${restarts.length} agent(s) restarted`);
  },
);

/** LIF-05: the same over a roll-out of another version; the sentinel knows ESP in a tunnel and a tunnel in ESP alike. */
export const lif05 = windowCheck(
  {
    id: 'LIF-05',
    title: 'upgrade: encrypted through the whole roll-out, both encapsulation orders allowed in the window',
    scenarios: ['upgrade'],
    evidence: 'sentinel capture of the whole window, every request that was sent in it, journal',
    controls: ['plaintext while agents restart'],
    expected: `no readable frame of traffic that must be encrypted, and each flow loses at most ${RESTART_LOSS_BUDGET} request(s)`,
    what: 'flows and windows',
  },
  (x) => {
    expectNoPlaintext(x);
    expectLossWithin(x, RESTART_LOSS_BUDGET);
  },
);
