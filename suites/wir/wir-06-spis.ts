import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { addressOwners, normalAddress } from '../../harness/judge/wire/address-owners.ts';
import type { EspAccount } from '../../harness/model/ledger.ts';
import { allowedEsp } from '../allowed-esp.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** WIR-06: every SPI on the wire belongs to an SA of the two nodes. */
export const wir06: Check = {
  id: 'WIR-06',
  must: 'Every SPI on the wire belongs to an SA of the two nodes',
  modes: ['ipsec'],
  evidence: 'SPIs on the wire, ip xfrm state of both nodes before and after',
  subject: 'wire',
  needs: ['capture'],
  remedy:
    'Look for the SPI on both named nodes: `ip xfrm state list spi SPI`. If neither has it, find who sends: `tcpdump -nei DEVICE "esp and host ADDRESS"`, other VPNs on the nodes, replayed frames.',
  judge(x) {
    const view = judgedView(x);
    const all = view.captures.flatMap((capture) => (capture.ledger?.esp ?? []).map((account) => ({ account, capture })));
    const ofCluster = all.filter(({ account }) => isOfCluster(x, account));
    if (ofCluster.length < all.length)
      x.note(`${all.length - ofCluster.length} SPI(s) with an end outside the cluster, which the claim does not cover`);
    const seen = ofCluster.filter(({ account, capture }) => !allowedEsp(x, capture, account)).map(({ account }) => account);
    x.observe(...seen.map((e) => `${e.src} > ${e.dst} ${e.spi}: ${e.frames}`));
    for (const account of seen) lookUp(x, account);
    expectWhole(x, view);
    return x.conclude('SPIs by direction');
  },
};

/** An SA with an end outside the cluster belongs to another VPN: the claim is about traffic between nodes. */
function isOfCluster(x: Examination, { src, dst }: EspAccount): boolean {
  const owners = addressOwners(x.facts.manifest.cluster);
  return [src, dst].every((address) => owners.ownerOf(address).kind !== 'other');
}

function lookUp(x: Examination, account: EspAccount): void {
  const owners = addressOwners(x.facts.manifest.cluster);
  const missingAt: string[] = [];
  for (const address of [account.src, account.dst]) {
    const { node } = owners.ownerOf(address);
    if (node === null) {
      missingAt.push(`any node (${address} belongs to no node)`);
      continue;
    }
    const snapshots = x.facts.state.nodes.filter((n) => n.node === node && n.snapshot !== 'clear');
    const read = snapshots.flatMap((n) => (n.xfrmStates.ok ? [n.xfrmStates.value] : []));
    if (read.length === 0) x.gap(`the SAs of ${node} could not be read`);
    else if (!read.some((states) => states.some((s) => isSaOf(s, account)))) missingAt.push(node);
  }
  const { spi, src, dst, frames } = account;
  x.expect(missingAt.length === 0, `SPI ${spi} ${src} > ${dst} (${frames} frame(s)) does not belong to an SA of ${missingAt.join(', ')}`);
}

/** An in SA may say source 0.0.0.0: it then serves all peers. */
function isSaOf(state: XfrmState, account: EspAccount): boolean {
  const src = normalAddress(state.src);
  const fits = src === normalAddress(account.src) || src === '0.0.0.0' || src === '::';
  return state.proto === 'esp' && state.spi === account.spi && fits && normalAddress(state.dst) === normalAddress(account.dst);
}
