import type { Examination } from '../../harness/judge/state/examination.ts';
import { stateCheck } from '../../harness/judge/state/state-check.ts';
import type { DecryptionProof } from '../../harness/model/recording.ts';
import { withoutProofs } from '../proof-evidence.ts';
import { judgedView, viewDefect } from './wir-finding.ts';

const EXPECTED = 'every sampled ESP frame opens with the keys in the kernels of both ends, and driven flows are inside';
/** What the recorder writes when it knows no key for the frames, or cannot use it: then nothing was tried. */
const UNTRIED = /no SA of that name|is not decrypted here|are not decrypted here|printed no key/;

/** WIR-07: the ciphertext on the wire was made with the keys that the kernels hold. The recorder tried it in memory. */
export const decryptsWithKernelKeys = stateCheck(
  {
    id: 'WIR-07',
    title: 'Sampled ESP frames decrypt with the kernel’s own keys to the expected flow',
    modes: ['ipsec'],
    evidence: 'outcome of the decryption in memory while recording: some frames of every SA on the wire, with the key of both ends',
    controls: ['L07'],
  },
  (x) => {
    const proofs = x.facts.manifest.proofs.decryption;
    if (proofs.length === 0) return withoutProofs(x, EXPECTED, 'a decryption of frames on the wire');
    x.cite(...proofs.map((p) => p.capture));
    for (const proof of proofs) judge(x, proof);
    const flows = new Set(proofs.flatMap((p) => p.flows));
    const others = new Set(proofs.flatMap((p) => p.others));
    if (flows.size === 0)
      x.gap(`no driven flow was inside the sampled frames, but ${[...others].slice(0, 4).join(', ') || 'nothing readable'}`);
    else x.note(`${flows.size} driven flow(s) inside, the first ${[...flows][0]}`);
    if (others.size > 0) x.note(`also ${others.size} other pair(s), the first ${[...others][0]}`);
    const defect = viewDefect(judgedView(x.facts));
    if (defect !== null) x.gap(defect);
    return x.conclude(EXPECTED, 'sampled frames');
  },
);

function judge(x: Examination, { src, dst, spi, sampled, decrypted, note }: DecryptionProof): void {
  const where = `SPI ${spi} ${src} > ${dst}`;
  x.held(decrypted);
  if (sampled === 0) x.gap(`${where}: no whole frame to decrypt`);
  else if (decrypted === sampled) return;
  else if (UNTRIED.test(note)) x.gap(`${where}: ${note}`);
  else x.fault(`${where}: only ${decrypted} of ${sampled} sampled frames open: ${note}`);
}
