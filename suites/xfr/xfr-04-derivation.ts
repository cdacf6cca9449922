import { nameOf } from '../../harness/judge/state/associations.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';
import type { DerivationProof } from '../../harness/model/recording.ts';
import { withoutProofs } from '../proof-evidence.ts';

const EXPECTED = 'each SA has the key that follows from the Secret: derived for its tunnel with a +, the key itself without';

/** Whether each SA's key derives from the Secret. A recording holds no key: the recorder compared in memory and wrote the outcome. */
export const xfr04 = stateCheck(
  {
    id: 'XFR-04',
    title: "where the derivation is known for the version, each SA's key equals the one derived from the Secret, addresses and boot ids",
    modes: ['ipsec'],
    evidence: 'outcome of the comparison in memory while recording: SA keys, key Secret, boot ids of the CiliumNodes',
    controls: ['L07'],
  },
  (x) => {
    const proofs = x.facts.manifest.proofs.derivation;
    if (proofs.length === 0) return withoutProofs(x, EXPECTED, 'the derivation of keys');
    x.cite(
      ...x.facts.manifest.commands
        .filter((c) => c.collector === 'xfrm-state' || c.collector === 'key-secret' || c.collector === 'cilium-nodes')
        .filter((c) => proofs.some((p) => p.snapshot === c.snapshot))
        .map((c) => c.stdout),
    );
    const secretRead = x.facts.manifest.commands.some((c) => c.collector === 'key-secret' && c.exitCode === 0);
    if (!secretRead && proofs.every((p) => p.derivation === 'unknown'))
      return x.set('not-exercised', EXPECTED, 'the key Secret was not read: nothing to derive a key from');
    for (const proof of proofs) judge(x, proof);
    return x.conclude(EXPECTED, 'SA keys');
  },
);

function judge(x: Parameters<typeof withoutProofs>[0], proof: DerivationProof): void {
  const where = `${proof.node} ${proof.snapshot}: SA ${nameOf(proof)}`;
  if (proof.derivation === 'unknown') x.gap(`${where}: ${proof.note}`);
  else x.expect(proof.matches, `${where} does not have the ${proof.derivation} key of the Secret: ${proof.note}`);
}
