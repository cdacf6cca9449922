import type { Examination } from '../../harness/judge/state/examination.ts';
import { ipsecCheck } from '../../harness/judge/state/state-check.ts';
import type { KeySecret } from '../../harness/stacks/cilium/decode/items.ts';

function secretOf(x: Examination): KeySecret | undefined {
  const reads = x.facts.state.api.filter((a) => a.snapshot !== 'clear').map((a) => a.keySecret);
  const read = reads.find((datum) => datum.ok || !datum.absent) ?? reads[0];
  if (read !== undefined) return x.use(read);
  x.gap('the recording has no snapshot of the API server');
  return undefined;
}

export const cfg02 = ipsecCheck(
  {
    id: 'CFG-02',
    title:
      'key Secret parses: `id[+] algo key icv` or `id[+] auth key enc key`, id 1-15, key length fits the algorithm, ICV 96/128/256; only fingerprints are recorded',
    evidence: 'Secret cilium-ipsec-keys, keys as fingerprints, before',
    controls: ['L43'],
  },
  (x, ipsec) => {
    const { min, max } = ipsec.keyIds.value;
    const secret = secretOf(x);
    if (secret !== undefined) {
      for (const problem of secret.problems) x.fault(`key Secret: ${problem}`);
      x.expect(
        secret.id !== null && secret.id >= min && secret.id <= max,
        `key Secret: id ${secret.id ?? 'unreadable'}, lawful ${min} to ${max}`,
      );
      x.expect(secret.aead !== undefined || (secret.auth !== undefined && secret.enc !== undefined), 'key Secret: no complete algorithm');
    }
    return x.conclude(`a key line that Cilium's loader accepts, id ${min} to ${max}`, 'statements');
  },
);

const ADVISORY =
  'GHSA-pwqm-x5x6-5586: with one global key for all tunnels the same key and nonce can meet twice; the remedy is a key id with + (per-tunnel keys)';

export const cfg03 = ipsecCheck(
  {
    id: 'CFG-03',
    title: 'per-tunnel keys (`+`): absence is GHSA-pwqm-x5x6-5586, reported with its text',
    evidence: 'Secret cilium-ipsec-keys, keys as fingerprints, before',
    controls: ['L09'],
  },
  (x, ipsec) => {
    const expected = 'key id with +';
    const { intent } = x.facts.manifest;
    if (!intent.perTunnelKeys) {
      const why = ipsec.perTunnelKeys.value ? '' : `; Cilium ${intent.profile} knows none, there the remedy is an upgrade`;
      return x.set('not-applicable', expected, `the intent claims no per-tunnel keys. ${ADVISORY}${why}`);
    }
    const secret = secretOf(x);
    if (secret !== undefined) x.expect(secret.perTunnelKeys, `key Secret: id ${secret.id ?? '?'} has no +. ${ADVISORY}`);
    return x.conclude(expected, 'Secrets');
  },
);
