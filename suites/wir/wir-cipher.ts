import type { XfrmState } from '../../harness/decode/kernel/xfrm-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { type AddressOwner, addressBook, normalAddress } from '../../harness/judge/wire/address-book.ts';
import type { CipherAccount } from '../../harness/judge/wire/capture-facts.ts';
import { cipherFamily } from '../../harness/judge/wire/cipher-family.ts';
import { nodePairsOf } from '../../harness/judge/wire/flow-index.ts';
import type { EspAccount } from '../../harness/model/ledger.ts';
import type { Finding } from '../../harness/model/verdict.ts';
import { finding, judgedView, listed, viewDefect } from './wir-finding.ts';

/** WIR-02: what must be encrypted really left as ciphertext, in both directions between the right nodes. */
export const ciphertextMatches: Check = {
  id: 'WIR-02',
  title: 'Each flow that must be encrypted is matched by ciphertext between the right nodes in the right direction',
  modes: ['ipsec', 'wireguard'],
  evidence: 'ESP or WireGuard data on the wire for each ordered pair of nodes',
  controls: ['L01', 'L02', 'L32', 'L39', 'clear phase'],
  judge: judgeCiphertext,
};

function judgeCiphertext(facts: Facts): Finding {
  const view = judgedView(facts);
  const { intent, cluster } = facts.manifest;
  const kind = intent.mode === 'wireguard' ? 'wireguard' : 'esp';
  const cipher = view.captures.flatMap((c) => c.cipher);
  const expected = `${kind} frames in both directions of each pair of nodes with flows that must be encrypted`;
  const told = cipherFamily(facts.profile, intent);
  const observed = describePairs(cipher, told);
  const blank = (reason: string): Finding => finding('inconclusive', reason, expected, observed, view.captures);
  if (facts.profile === null) return blank(`no profile is known for ${intent.profile}`);
  const defect = viewDefect(view);
  if (defect !== null) return blank(defect);
  const treated = new Set(facts.wire.flows.filter((f) => f.treatment === 'encrypted').map((f) => f.id));
  const driven = facts.manifest.traffic.filter((t) => t.phase === 'encrypted' && treated.has(t.id));
  if (driven.length === 0) return blank('no flow that must be encrypted was driven');
  // One account a pair of nodes, and a family where the wire tells them apart.
  const frames = new Map<string, number>();
  for (const c of cipher) {
    const key = `${told === null ? '' : `${told(c)} `}${c.from} -> ${c.to}`;
    if (c.kind === kind) frames.set(key, (frames.get(key) ?? 0) + c.frames);
  }
  const answered = new Map<string, number>();
  const silent: string[] = [];
  for (const flow of driven) {
    if (flow.answered === 0) silent.push(flow.id);
    const pairs = nodePairsOf(flow, cluster);
    // Which backend gave which answer is not recorded, so a service's flow counts one frame for each backend.
    const share = pairs.length > 1 ? 1 : flow.answered;
    if (flow.answered > 0)
      for (const [a, b] of pairs)
        for (const pair of [`${a} -> ${b}`, `${b} -> ${a}`]) {
          const key = `${told === null ? '' : `${flow.family} `}${pair}`;
          answered.set(key, (answered.get(key) ?? 0) + share);
        }
  }
  const bare = [...answered.keys()].filter((pair) => !frames.has(pair));
  if (bare.length > 0)
    return finding('contradicts', `requests were answered, yet no ${kind} frame went ${listed(bare)}`, expected, observed, view.captures);
  if (silent.length > 0) return blank(`nothing flowed on ${listed(silent)}`);
  if (answered.size === 0) return blank('no flow that must be encrypted had to leave its node');
  const short = [...answered].filter(([pair, requests]) => (frames.get(pair) ?? 0) < requests);
  if (short.length > 0)
    return blank(listed(short.map(([pair, n]) => `${n} answered requests but only ${frames.get(pair) ?? 0} ${kind} frames ${pair}`)));
  return finding('supports', `${kind} frames went ${listed([...answered.keys()])}`, expected, observed, view.captures);
}

function describePairs(cipher: readonly CipherAccount[], told: ReturnType<typeof cipherFamily>): string {
  const totals = new Map<string, number>();
  for (const c of cipher) {
    const key = `${told === null ? '' : `${told(c)} `}${c.kind} ${c.from ?? c.src} -> ${c.to ?? c.dst}`;
    totals.set(key, (totals.get(key) ?? 0) + c.frames);
  }
  return totals.size === 0 ? 'no ciphertext' : [...totals].map(([key, n]) => `${key}: ${n}`).join(', ');
}

/** WIR-05: the layers stand in the order of this version. */
export const encapsulationOrder: Check = {
  id: 'WIR-05',
  title: 'Encapsulation order is the profile’s',
  modes: ['ipsec'],
  evidence: 'layers around each ESP frame on the wire',
  controls: ['L27'],
  judge(facts) {
    const view = judgedView(facts);
    const { intent, cluster } = facts.manifest;
    const wanted = facts.profile?.ipsec.encapsulation[intent.routing];
    const expected = wanted === undefined ? 'unknown' : `${wanted.value} (${wanted.document})`;
    const esp = view.captures.flatMap((c) => c.cipher).filter((c) => c.kind === 'esp');
    const book = addressBook(cluster);
    const orders = new Map<string, number>();
    for (const c of esp) {
      const order = orderOf(c, [book.ownerOf(c.src), book.ownerOf(c.dst)], intent.routing);
      orders.set(order, (orders.get(order) ?? 0) + c.frames);
    }
    const observed = [...orders].map(([order, n]) => `${order}: ${n} frame(s)`).join(', ') || 'no ESP frame';
    if (wanted === undefined)
      return finding('inconclusive', `no profile is known for ${intent.profile}`, expected, observed, view.captures);
    const others = [...orders.keys()].filter((order) => order !== wanted.value);
    if (others.length > 0)
      return finding(
        'contradicts',
        `profile ${facts.profile?.id} lays ${wanted.value}, the wire shows ${observed}`,
        expected,
        observed,
        view.captures,
      );
    const defect = viewDefect(view);
    if (defect !== null) return finding('inconclusive', defect, expected, observed, view.captures);
    if (orders.size === 0) return finding('inconclusive', 'no ESP frame on the wire', expected, observed, view.captures);
    return finding('supports', `every ESP frame on the wire is ${wanted.value}`, expected, observed, view.captures);
  },
};

/**
 * What stands inside ESP can't be read, but between which addresses it runs tells: the tunnel's packets run between node
 * addresses, pod packets of native routing between those of cilium_host.
 */
function orderOf(account: CipherAccount, ends: readonly AddressOwner[], routing: string): string {
  const layers = account.layers.split('/');
  if (layers.includes('vxlan')) return 'esp-in-vxlan';
  if (layers.includes('geneve')) return 'esp-in-geneve';
  return routing !== 'native' && ends.every((e) => e.kind === 'node') ? `${routing}-in-esp` : 'esp';
}

/** WIR-06: every SPI on the wire belongs to an SA of the two nodes. */
export const knownSpis: Check = {
  id: 'WIR-06',
  title: 'Every SPI on the wire is an SA of the two nodes, none else',
  modes: ['ipsec'],
  evidence: 'SPIs on the wire, ip xfrm state of both nodes before and after',
  controls: ['L08', 'L10'],
  judge(facts) {
    const view = judgedView(facts);
    const seen = view.captures.flatMap((c) => c.ledger?.esp ?? []);
    const expected = 'each (source, destination, SPI) on the wire is in ip xfrm state at both ends';
    const observed = seen.map((e) => `${e.src} > ${e.dst} ${e.spi}: ${e.frames}`).join(', ') || 'no ESP frame';
    const verdicts = seen.map((account) => ({ account, ...lookUp(facts, account) }));
    const foreign = verdicts.filter((v) => v.missingAt.length > 0);
    if (foreign.length > 0)
      return finding(
        'contradicts',
        listed(
          foreign.map(
            (v) =>
              `SPI ${v.account.spi} ${v.account.src} > ${v.account.dst} (${v.account.frames} frame(s)) is no SA of ${v.missingAt.join(', ')}`,
          ),
        ),
        expected,
        observed,
        view.captures,
      );
    const defect = viewDefect(view);
    if (defect !== null) return finding('inconclusive', defect, expected, observed, view.captures);
    if (seen.length === 0) return finding('inconclusive', 'no ESP frame on the wire', expected, observed, view.captures);
    const unread = [...new Set(verdicts.flatMap((v) => v.unread))];
    if (unread.length > 0) return finding('inconclusive', listed(unread), expected, observed, view.captures);
    return finding('supports', `all ${seen.length} SPI direction(s) on the wire are SAs of both nodes`, expected, observed, view.captures);
  },
};

function lookUp(facts: Facts, account: EspAccount): { missingAt: string[]; unread: string[] } {
  const book = addressBook(facts.manifest.cluster);
  const missingAt: string[] = [];
  const unread: string[] = [];
  for (const address of [account.src, account.dst]) {
    const { node } = book.ownerOf(address);
    if (node === null) {
      missingAt.push(`any node (${address} is no node’s)`);
      continue;
    }
    const snapshots = facts.state.nodes.filter((n) => n.node === node && n.snapshot !== 'clear');
    const read = snapshots.flatMap((n) => (n.xfrmStates.ok ? [n.xfrmStates.value] : []));
    if (read.length === 0) unread.push(`the SAs of ${node} could not be read`);
    else if (!read.some((states) => states.some((s) => isThe(s, account)))) missingAt.push(node);
  }
  return { missingAt, unread };
}

/** An in SA may say source 0.0.0.0: it then serves all peers. */
function isThe(state: XfrmState, account: EspAccount): boolean {
  const src = normalAddress(state.src);
  const fits = src === normalAddress(account.src) || src === '0.0.0.0' || src === '::';
  return state.proto === 'esp' && state.spi === account.spi && fits && normalAddress(state.dst) === normalAddress(account.dst);
}
