import { expectLossWithin } from '../../harness/judge/window/losses.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import { windowCheck } from '../window-check.ts';

/** Requests a flow may lose while keys rotate. Agents 1.14.5 and 1.18.3 lost none of 2045 and 2910 pings. */
export const ROTATION_LOSS_BUDGET = 0;

/** ROT-03: rotation costs no request. */
export const rot03 = windowCheck(
  {
    id: 'ROT-03',
    title: 'no flow loses more than the stated budget (default 0 lost requests)',
    scenarios: ['rotation'],
    evidence: 'every request that was sent in the window, answered or not, with its time',
    controls: ['L24'],
    expected: `each flow loses at most ${ROTATION_LOSS_BUDGET} request(s) in the window`,
    what: 'flows',
  },
  (x) => expectLossWithin(x, ROTATION_LOSS_BUDGET),
);

/** ROT-04: nothing is readable in between. */
export const rot04 = windowCheck(
  {
    id: 'ROT-04',
    title: 'no plaintext at any moment of the window',
    scenarios: ['rotation'],
    evidence: 'sentinel capture of the whole window: every frame that is not ESP, WireGuard or known control',
    controls: ['L24b'],
    expected: 'no readable frame of traffic that must be encrypted, from the first moment of the window to the last',
    what: 'windows',
  },
  expectNoPlaintext,
);
