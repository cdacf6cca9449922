import type { Check } from '../../harness/judge/check.ts';
import { keySecretOf } from './key-secret.ts';

const ADVISORY =
  'GHSA-pwqm-x5x6-5586: with one global key for all tunnels the same key and nonce can be used twice; the remedy is a key id with + (per-tunnel keys)';

export const cfg03: Check = {
  id: 'CFG-03',
  must: 'The key Secret causes per-tunnel keys, with a `+` after the id in versions that need it: without them GHSA-pwqm-x5x6-5586 applies',
  modes: ['ipsec'],
  evidence: 'Secret {keySecret}, keys as fingerprints, before',
  needs: ['agent-shell'],
  remedy: `Rotate to a key id with \`+\`: {replaceKey}. A version that refuses \`+\` (1.14 before 1.14.9, 1.15 before 1.15.3, and older) must be upgraded first.`,
  judge(x) {
    const { ipsec } = x;
    const { intent } = x.facts.manifest;
    const how = ipsec.perTunnelKeys.value;
    const expected = how === 'always' ? 'a key id: this version always derives a key for each tunnel' : 'key id with +';
    if (!intent.perTunnelKeys) {
      const why = how !== 'never' ? '' : `; ${x.words.stack} ${intent.profile} does not have them: the remedy is an upgrade`;
      return x.set('not-applicable', `the intent claims no per-tunnel keys. ${ADVISORY}${why}`, expected);
    }
    const secret = keySecretOf(x);
    if (secret !== undefined)
      x.expect(
        secret.perTunnelKeys || (how === 'always' && secret.id !== null),
        `key Secret: id ${secret.id ?? '?'} has no +. ${ADVISORY}`,
      );
    return x.conclude('Secrets', expected);
  },
};
