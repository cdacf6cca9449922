import type { Check } from '../../harness/judge/check.ts';
import { keySecretOf } from './key-secret.ts';

export const cfg02: Check = {
  id: 'CFG-02',
  must: 'The key Secret is valid: `id[+] algorithm key icv` or `id[+] auth key enc key`, with an id from 1 to 15, a key length of the algorithm and an ICV of 96, 128 or 256 bits',
  modes: ['ipsec'],
  evidence: 'Secret {keySecret}, keys as fingerprints, and whether its last-applied annotation contains data, before',
  needs: ['agent-shell'],
  comparesNodes: true,
  remedy: `Write a new Secret with the next id: {replaceKey} (replace, not apply: apply stores the key in an annotation).`,
  judge(x) {
    const { ipsec } = x;
    const { min, max } = ipsec.keyIds.value;
    const secret = keySecretOf(x);
    if (secret !== undefined) {
      for (const problem of secret.problems) x.fault(`key Secret: ${problem}`);
      x.expect(
        secret.id !== null && secret.id >= min && secret.id <= max,
        `key Secret: id ${secret.id ?? 'unreadable'}, valid: ${min} to ${max}`,
      );
      x.expect(secret.aead !== undefined || (secret.auth !== undefined && secret.enc !== undefined), 'key Secret: no complete algorithm');
      const before = x.facts.state.nodes.filter(({ snapshot }) => snapshot === 'before');
      const ids = new Set(before.flatMap(({ xfrmStates }) => (xfrmStates.ok ? xfrmStates.value.map((sa) => Number(sa.spi)) : [])));
      if (ids.size > 0 && secret.id !== null)
        x.expect(ids.has(secret.id), `key Secret: id ${secret.id}, but the SAs of all nodes have id ${[...ids].join(', ')}`);
    }
    for (const { keyCopy } of x.facts.state.api)
      if (keyCopy.ok && keyCopy.value === 'holds-data') {
        x.cite(...keyCopy.evidence);
        // A user who may read the annotation may also read the Secret, so this does not contradict the claim.
        x.note(
          'the annotation last-applied-configuration of the Secret contains a copy of a key, written by `kubectl apply`; `kubectl replace` writes none',
        );
      }
    return x.conclude('statements', `a key line that the agents' loader accepts, id ${min} to ${max}`);
  },
};
