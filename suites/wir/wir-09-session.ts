import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import type { EspAccount } from '../../harness/model/ledger.ts';
import { finding, judgedView, listed, viewDefect } from './wir-finding.ts';

/** WIR-09: an AEAD nonce is used once. */
export const freshSequences: Check = {
  id: 'WIR-09',
  title: 'No ESP sequence number and no initialisation vector repeats within an SA, and the number rises',
  modes: ['ipsec'],
  evidence: 'SPI, sequence number, initialisation vector and content of each ESP frame on the wire; sequence numbers in the kernel',
  controls: ['L29', 'L40'],
  judge(facts) {
    const view = judgedView(facts);
    const sas = view.captures.flatMap((c) => c.ledger?.esp ?? []);
    const expected = 'each sequence number and each initialisation vector once for each SA, the number rising';
    const observed =
      sas.map((e) => `${e.src} > ${e.dst} ${e.spi}: ${e.firstSeq}..${e.lastSeq}, ${e.duplicates} duplicate(s)`).join('; ') ||
      'no ESP frame';
    const reused = view.captures.flatMap((c) =>
      c.espConflicts.map(
        (x) => `SPI ${x.spi} ${x.src} > ${x.dst} uses sequence ${x.seq} again with another content, frame ${x.frame} of ${c.key}`,
      ),
    );
    const repeated = sas
      .filter((e) => e.duplicates > 0)
      .map((e) => `SPI ${e.spi} ${e.src} > ${e.dst} repeats ${e.duplicates} sequence number(s): replayed or duplicated on the way`);
    const vectors = view.captures.flatMap((c) =>
      c.espRepeatedIvs.map(
        (x) =>
          `SPI ${x.spi} ${x.src} > ${x.dst} uses the initialisation vector of sequence ${x.other} again for ${x.seq}, frame ${x.frame} of ${c.key}`,
      ),
    );
    const falling = sas
      .filter((e) => e.lastSeq < e.firstSeq && !rolledOver(facts, e))
      .map((e) => `SPI ${e.spi} ${e.src} > ${e.dst} falls from ${e.firstSeq} to ${e.lastSeq}`);
    const found = [...reused, ...vectors, ...repeated, ...falling];
    if (found.length > 0) return finding('contradicts', listed(found), expected, observed, view.captures);
    const defect = viewDefect(view);
    if (defect !== null) return finding('inconclusive', defect, expected, observed, view.captures);
    const uncompared = view.captures.reduce((n, c) => n + c.espUncompared, 0);
    if (uncompared > 0)
      return finding(
        'inconclusive',
        `${uncompared} ESP frame(s) came after the bound of the comparison`,
        expected,
        observed,
        view.captures,
      );
    if (sas.length === 0) return finding('inconclusive', 'no ESP frame on the wire', expected, observed, view.captures);
    return finding(
      'supports',
      `no sequence number and no initialisation vector repeats in ${sas.length} SA(s)`,
      expected,
      observed,
      view.captures,
    );
  },
};

/** The wire carries the low 32 bits of an extended sequence number: they fall once when the kernel counts the high half up. */
function rolledOver(facts: Facts, account: EspAccount): boolean {
  const highs = facts.state.nodes
    .filter((n) => n.snapshot === 'before' || n.snapshot === 'after')
    .flatMap((n) => (n.xfrmStates.ok ? n.xfrmStates.value : []))
    .filter((sa) => sa.flags.includes('esn') && sa.src === account.src && sa.dst === account.dst && Number(sa.spi) === Number(account.spi))
    .map((sa) => Math.floor((sa.oseq ?? 0) / 2 ** 32));
  return highs.length > 1 && Math.max(...highs) === Math.min(...highs) + 1;
}
