import type { Check } from '../../harness/judge/check.ts';
import { expectLossWithin, LOSS_BUDGETS } from '../../harness/judge/window/losses.ts';

/** ROT-03: rotation loses no request. */
export const rot03: Check = {
  id: 'ROT-03',
  must: 'No flow loses more requests than the budget while keys or certificates rotate',
  modes: ['ipsec', 'wireguard', 'tls'],
  scenarios: ['rotation'],
  evidence: 'every request that was sent in the window, answered or not, with its time',
  subject: 'loss',
  needs: ['capture'],
  remedy:
    'Compare the times of the losses with the timeline of SPIs in the report: losses while a receiver has no SA yet are explained by ROT-02, losses after a certificate was renewed by TLS-07; others come from load, so record again on a quiet cluster. Rotate only in maintenance windows until the cause is known.',
  judge(x) {
    expectLossWithin(x, 'rotation');
    return x.conclude('flows', `each flow loses at most ${LOSS_BUDGETS.rotation} request(s) in the window`);
  },
};
