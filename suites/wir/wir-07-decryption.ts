import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import type { EspAccount } from '../../harness/model/ledger.ts';
import type { DecryptionProof, TrafficRecord } from '../../harness/model/recording.ts';
import { allowedEsp } from '../allowed-esp.ts';
import { withoutProofs } from '../proof-evidence.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** WIR-07: the ciphertext on the wire was made with the kernels' keys. The recorder tried it in memory. */
export const wir07: Check = {
  id: 'WIR-07',
  must: "Sampled ESP frames of every SA on the wire decrypt with the kernel's keys to the flows that were driven",
  modes: ['ipsec'],
  evidence: 'outcome of the decryption in memory while recording: some frames of every SA on the wire, with the key of both ends',
  subject: 'wire',
  needs: ['capture'],
  remedy: `The frames were not made with the key of the named SA: compare the keys of both ends (XFR-03, XFR-04), look for a second sender of that SPI, then {restartAgents} and record again.`,
  judge(x) {
    const proofs = x.facts.manifest.proofs.decryption;
    if (proofs.length === 0) return withoutProofs(x, 'a decryption of frames on the wire');
    x.cite(...proofs.map((p) => p.capture));
    const view = judgedView(x);
    const all = view.captures.flatMap((capture) => (capture.ledger?.esp ?? []).map((esp) => ({ file: capture.record.file, esp, capture })));
    const accounts = all.filter(({ esp, capture }) => !allowedEsp(x, capture, esp));
    const allowed = all.filter((account) => !accounts.includes(account));
    // The kernels of the nodes do not have the keys of other traffic that the intent allows.
    for (const proof of proofs) if (!allowed.some(({ file, esp }) => isOf(proof, file, esp))) judge(x, proof, accounts);
    // Frames that a node sends to a peer outside the cluster were made with other keys.
    for (const { file, esp } of accounts.filter(({ esp }) => nodesOf(x, esp.src, esp.dst).every((node) => node !== undefined)))
      if (!proofs.some((proof) => isOf(proof, file, esp)))
        x.gap(`${file}: no frame of SPI ${esp.spi} ${esp.src} > ${esp.dst} was decrypted`);
    const flows = new Set(proofs.flatMap((p) => p.flows));
    const others = new Set(proofs.flatMap((p) => p.others));
    if (flows.size === 0)
      x.gap(`the sampled frames contain no driven flow, only ${[...others].slice(0, 4).join(', ') || 'nothing readable'}`);
    else x.note(`${flows.size} driven flow(s) inside, the first ${[...flows][0]}`);
    if (others.size > 0) x.note(`also ${others.size} other pair(s), the first ${[...others][0]}`);
    expectWhole(x, view);
    return x.conclude('sampled frames');
  },
};

interface Account {
  readonly file: string;
  readonly esp: EspAccount;
}

function isOf({ capture, src, dst, spi }: DecryptionProof, file: string, esp: EspAccount): boolean {
  return capture === file && sameAddress(src, esp.src) && sameAddress(dst, esp.dst) && Number(spi) === Number(esp.spi);
}

function judge(x: Examination, proof: DecryptionProof, accounts: readonly Account[]): void {
  const { capture, src, dst, spi, sampled, decrypted, untried, note } = proof;
  const where = `SPI ${spi} ${src} > ${dst}`;
  x.held(decrypted);
  if (sampled === 0) x.gap(`${where}: no whole frame to decrypt`, { capture });
  else if (decrypted > sampled) x.gap(`${where}: ${decrypted} frames decrypted of ${sampled} that were tried`, { capture });
  else if (decrypted < sampled && untried === true) x.gap(`${where}: ${note}`, { capture });
  else if (decrypted < sampled) x.fault(`${where}: only ${decrypted} of ${sampled} sampled frames decrypt: ${note}`, { capture });
  const account = accounts.find(({ file, esp }) => isOf(proof, file, esp));
  if (account === undefined) x.gap(`${where} is proven for ${proof.capture}, but the judged captures have no frame of it`, { capture });
  else if (sampled > account.esp.frames)
    x.gap(`${where}: ${sampled} frames were tried of ${account.esp.frames} in ${account.file}`, { capture });
  for (const id of proof.flows) {
    const flow = x.facts.manifest.traffic.find((t) => t.phase === 'encrypted' && t.id === id);
    if (flow === undefined) x.gap(`${where}: ${id}, found inside, was not driven in the encrypted phase`, { capture });
    else if (!joins(x, flow, src, dst)) x.gap(`${where}: ${id}, found inside, does not run between the two ends`, { capture });
  }
}

/** Whether a flow, or its answers, can be inside an SA: both run between the same two nodes. */
function joins(x: Examination, { source, destination, path }: TrafficRecord, src: string, dst: string): boolean {
  const ends = nodesOf(x, src, dst);
  if (ends.includes(undefined) || path === 'same-node' || path === 'node-node') return false;
  // A service may be answered by a pod of any node.
  return [source.node, destination.node].every((node) => node === null || ends.includes(node));
}

/** Names of the nodes at the two ends; undefined for an end outside the cluster. */
function nodesOf(x: Examination, src: string, dst: string): (string | undefined)[] {
  const { nodes } = x.facts.manifest.cluster;
  return [src, dst].map(
    (address) => nodes.find((n) => [...n.addresses, ...n.internalAddresses].some((own) => sameAddress(own, address)))?.name,
  );
}
