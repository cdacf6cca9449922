import type { Check } from '../../harness/judge/check.ts';
import { expectLossWithin, LOSS_BUDGETS } from '../../harness/judge/window/losses.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';

/**
 * LIF-05: traffic stays encrypted while another version is rolled out. The sentinel capture recognises both ESP in a tunnel and a tunnel in
 * ESP.
 */
export const lif05: Check = {
  id: 'LIF-05',
  must: 'Traffic stays encrypted through a whole upgrade, and no flow loses more requests than the budget; both orders of encapsulation are allowed during it',
  modes: ['ipsec', 'wireguard'],
  scenarios: ['upgrade'],
  evidence: 'sentinel capture of the whole window, every request that was sent in it, journal',
  subject: 'loss',
  needs: ['capture'],
  remedy:
    'Stop the roll-out (`{helmRollback}`) and follow WIR-01 for the named nodes. Upgrade one minor version at a time from its latest patch release, and never rotate keys during it.',
  judge(x) {
    expectNoPlaintext(x, 'upgrade');
    expectLossWithin(x, 'upgrade');
    return x.conclude(
      'flows and windows',
      `no readable frame of traffic that must be encrypted, and each flow loses at most ${LOSS_BUDGETS.upgrade} request(s)`,
    );
  },
};
