import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { addressOwners } from '../../harness/judge/wire/address-owners.ts';
import { claimedCipher } from '../../harness/judge/wire/claimed-cipher.ts';
import type { EspAccount } from '../../harness/model/ledger.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** WIR-09: an AEAD nonce is used once. */
export const wir09: Check = {
  id: 'WIR-09',
  must: 'Within an SA no sequence number and no initialisation vector repeats, and the sequence number increases',
  modes: ['ipsec'],
  evidence: 'SPI, sequence number, initialisation vector and content of each ESP frame on the wire; sequence numbers in the kernel',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'A nonce that is used twice reveals plaintext: rotate the key now (new id in the Secret {keySecret}), then find the cause: a virtual machine resumed from a snapshot, an SA created again with the same key (`ip xfrm monitor`), frames replayed or duplicated by a switch (`tcpdump -nei DEVICE esp`).',
  judge(x) {
    const view = judgedView(x);
    const claimed = claimedCipher(x.facts.manifest.intent, x.facts.profile, x.facts.state, addressOwners(x.facts.manifest.cluster));
    const sas = view.captures.flatMap((c) => c.ledger?.esp ?? []).filter(({ src, dst }) => claimed.betweenNodes(src, dst));
    x.observe(
      sas.map((e) => `${e.src} > ${e.dst} ${e.spi}: ${e.firstSeq}..${e.lastSeq}, ${e.duplicates} duplicate(s)`).join('; ') ||
        'no ESP frame',
    );
    for (const c of view.captures) {
      for (const e of c.espConflicts)
        x.fault(`SPI ${e.spi} ${e.src} > ${e.dst} uses sequence ${e.seq} again with another content, frame ${e.frame} of ${c.key}`, {
          capture: c.record.file,
          frame: e.frame,
        });
      for (const e of c.espRepeatedIvs)
        x.fault(
          `SPI ${e.spi} ${e.src} > ${e.dst} uses the initialisation vector of sequence ${e.other} again for ${e.seq}, frame ${e.frame} of ${c.key}`,
          { capture: c.record.file, frame: e.frame },
        );
    }
    for (const e of sas) {
      x.expect(
        e.duplicates === 0,
        `SPI ${e.spi} ${e.src} > ${e.dst} repeats ${e.duplicates} sequence number(s): replayed or duplicated on the way`,
      );
      if (e.lastSeq < e.firstSeq && !rolledOver(x.facts, e))
        x.fault(`SPI ${e.spi} ${e.src} > ${e.dst} decreases from ${e.firstSeq} to ${e.lastSeq}`);
    }
    expectWhole(x, view);
    const uncompared = view.captures.reduce((n, c) => n + c.espUncompared, 0);
    if (uncompared > 0) x.gap(`${uncompared} ESP frame(s) came after the limit of the comparison and were not compared`);
    return x.conclude('SAs on the wire');
  },
};

/** The wire has the low 32 bits of an extended sequence number: they decrease once when the kernel increments the high half. */
function rolledOver(facts: Facts, account: EspAccount): boolean {
  const highs = facts.state.nodes
    .filter((n) => n.snapshot === 'before' || n.snapshot === 'after')
    .flatMap((n) => (n.xfrmStates.ok ? n.xfrmStates.value : []))
    .filter((sa) => sa.flags.includes('esn') && sa.src === account.src && sa.dst === account.dst && Number(sa.spi) === Number(account.spi))
    .map((sa) => Math.floor((sa.oseq ?? 0) / 2 ** 32));
  return highs.length > 1 && Math.max(...highs) === Math.min(...highs) + 1;
}
