import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { DecryptionProof } from '../../harness/model/recording.ts';
import { withoutProofs } from '../proof-evidence.ts';
import { RESTART_AGENTS } from '../remedy.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** WIR-07: the ciphertext on the wire was made with the keys that the kernels hold. The recorder tried it in memory. */
export const wir07: Check = {
  id: 'WIR-07',
  must: "Sampled ESP frames decrypt with the kernel's own keys to the flows that were driven",
  modes: ['ipsec'],
  evidence: 'outcome of the decryption in memory while recording: some frames of every SA on the wire, with the key of both ends',
  needs: ['capture'],
  remedy: `The frames were not made with the key of the named SA: compare the keys of both ends (XFR-03, XFR-04), look for a second sender of that SPI, then ${RESTART_AGENTS} and record again.`,
  judge(x) {
    const proofs = x.facts.manifest.proofs.decryption;
    if (proofs.length === 0) return withoutProofs(x, 'a decryption of frames on the wire');
    x.cite(...proofs.map((p) => p.capture));
    for (const proof of proofs) judge(x, proof);
    const flows = new Set(proofs.flatMap((p) => p.flows));
    const others = new Set(proofs.flatMap((p) => p.others));
    if (flows.size === 0)
      x.gap(`no driven flow was inside the sampled frames, but ${[...others].slice(0, 4).join(', ') || 'nothing readable'}`);
    else x.note(`${flows.size} driven flow(s) inside, the first ${[...flows][0]}`);
    if (others.size > 0) x.note(`also ${others.size} other pair(s), the first ${[...others][0]}`);
    expectWhole(x, judgedView(x));
    return x.conclude('sampled frames');
  },
};

function judge(x: Examination, { capture, src, dst, spi, sampled, decrypted, untried, note }: DecryptionProof): void {
  const where = `SPI ${spi} ${src} > ${dst}`;
  x.held(decrypted);
  if (sampled === 0) x.gap(`${where}: no whole frame to decrypt`, { capture });
  else if (decrypted === sampled) return;
  else if (untried === true) x.gap(`${where}: ${note}`, { capture });
  else x.fault(`${where}: only ${decrypted} of ${sampled} sampled frames open: ${note}`, { capture });
}
