import type { Check } from '../../harness/judge/check.ts';
import { REPLACE_KEY } from '../remedy.ts';
import { keySecretOf } from './key-secret.ts';

const ADVISORY =
  'GHSA-pwqm-x5x6-5586: with one global key for all tunnels the same key and nonce can meet twice; the remedy is a key id with + (per-tunnel keys)';

export const cfg03: Check = {
  id: 'CFG-03',
  must: 'The key Secret asks for per-tunnel keys (`+` after the id): without them GHSA-pwqm-x5x6-5586 applies',
  modes: ['ipsec'],
  evidence: 'Secret cilium-ipsec-keys, keys as fingerprints, before',
  needs: ['agent-shell'],
  remedy: `Rotate to a key id with \`+\`: ${REPLACE_KEY}. A version that refuses \`+\` (1.14 before 1.14.9, 1.15 before 1.15.3, and older) must be upgraded first.`,
  judge(x) {
    const { ipsec } = x;
    const expected = 'key id with +';
    const { intent } = x.facts.manifest;
    if (!intent.perTunnelKeys) {
      const why = ipsec.perTunnelKeys.value ? '' : `; Cilium ${intent.profile} knows none, there the remedy is an upgrade`;
      return x.set('not-applicable', `the intent claims no per-tunnel keys. ${ADVISORY}${why}`, expected);
    }
    const secret = keySecretOf(x);
    if (secret !== undefined) x.expect(secret.perTunnelKeys, `key Secret: id ${secret.id ?? '?'} has no +. ${ADVISORY}`);
    return x.conclude('Secrets', expected);
  },
};
