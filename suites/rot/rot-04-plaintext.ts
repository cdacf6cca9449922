import type { Check } from '../../harness/judge/check.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';

/** ROT-04: nothing is readable during the rotation. */
export const rot04: Check = {
  id: 'ROT-04',
  must: 'Traffic that must be encrypted is never readable during the rotation',
  modes: ['ipsec', 'wireguard', 'tls'],
  scenarios: ['rotation'],
  evidence: 'sentinel capture of the whole window: every frame that does not have the format of ESP or WireGuard',
  subject: 'plaintext',
  needs: ['capture'],
  remedy:
    'Do not rotate keys of a cluster in use before the cause is known: follow WIR-01 for the named nodes at the named time (`ip xfrm monitor` during the next rotation shows which policy or SA was missing), and check that the block policy is there (XFR-07).',
  judge(x) {
    expectNoPlaintext(x, 'rotation');
    return x.conclude('windows');
  },
};
