import type { Check } from '../../harness/judge/check.ts';
import { aboutSa, associationName, concernsCluster } from '../../harness/judge/state/associations.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { KeyPattern } from '../../harness/model/key-patterns.ts';
import { KEY_PATTERN_WORDS } from '../key-pattern-words.ts';
import { keySecretOf } from './key-secret.ts';

/** CFG-09: a key that an attacker tries first protects nothing. */
export const cfg09: Check = {
  id: 'CFG-09',
  must: 'No key is easy to guess: all zeros, one part that repeats, bytes that count up or down, or a key that is published in tests or documentation',
  modes: ['ipsec'],
  evidence:
    'key-patterns.json, which the recorder wrote while it had the keys in memory; Secret {keySecret} and SAs with their keys as fingerprints',
  needs: ['host-shell'],
  comparesWithOutside: true,
  remedy: `Make a key of random bytes (\`dd if=/dev/urandom count=20 bs=1 2>/dev/null | xxd -p -c 64\`) and rotate to it: {replaceKey}. Whoever recorded earlier traffic can decrypt it.`,
  judge(x) {
    const { keyPatterns } = x.facts.state;
    // Recordings of earlier versions do not have this file.
    if (!keyPatterns.ok && keyPatterns.absent) return x.set('not-exercised', 'the patterns of the keys were not recorded');
    const patterns = x.use(keyPatterns);
    if (patterns === undefined) return x.conclude('keys');
    const secret = keySecretOf(x);
    for (const key of [secret?.aead, secret?.auth, secret?.enc])
      if (key !== undefined && key.bits > 0) judgeKey(x, patterns, key.fingerprint, `key Secret: the key of ${key.name}`);
    for (const node of x.nodes('before', 'after', 'end'))
      for (const sa of (node.xfrmStates.ok ? node.xfrmStates.value : []).filter((each) => concernsCluster(x, each)))
        for (const key of [sa.aead, sa.auth, sa.enc])
          if (key?.fingerprint !== undefined)
            judgeKey(x, patterns, key.fingerprint, `${at(node)}: SA ${associationName(sa)}: the key of ${key.name}`, aboutSa(node, sa));
    return x.conclude('keys');
  },
};

function judgeKey(
  x: Examination,
  patterns: ReadonlyMap<string, KeyPattern>,
  fingerprint: string,
  what: string,
  about: Partial<ReturnType<typeof aboutSa>> = {},
): void {
  const pattern = patterns.get(fingerprint);
  if (pattern === undefined) x.gap(`${what}: its pattern was not recorded`, about);
  else if (pattern === 'none') x.held();
  else x.fault(`${what} ${KEY_PATTERN_WORDS[pattern]}`, about);
}
