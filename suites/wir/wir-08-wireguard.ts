import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import { addressBook } from '../../harness/judge/wire/address-book.ts';
import { type Handshake, hasValidMac1 } from '../../harness/judge/wire/handshakes.ts';
import type { WireView } from '../../harness/judge/wire/vantage-points.ts';
import { finding, judgedView, listed, viewDefect } from './wir-finding.ts';

/** Snapshots around the judged phase: a key of another time proves nothing of its handshakes. */
const JUDGED: ReadonlySet<string> = new Set(['before', 'after']);
const LAWFUL = new Set(['initiation', 'response', 'cookie', 'data']);

/** WIR-08: what runs on WireGuard's port is WireGuard, and its handshakes are for the nodes' published keys. */
export const lawfulWireguard: Check = {
  id: 'WIR-08',
  title: 'WireGuard messages are lawful, handshakes are made for the published key of their receiver, and nothing else uses the port',
  modes: ['wireguard'],
  evidence: 'WireGuard messages, their counters, and other UDP on port 51871 on the wire; public keys of the nodes',
  controls: ['L19', 'L30'],
  judge(facts) {
    const view = judgedView(facts);
    const expected =
      'messages of lawful type and length, each counter once a session, nothing else on the port, each handshake with a mac1 for its receiver’s published key';
    const types = typesOf(view);
    const macs = verify(facts, view);
    const observed = [
      [...types].map(([type, n]) => `${type}: ${n}`).join(', ') || 'no WireGuard message',
      `mac1: ${macs.valid} valid, ${macs.invalid.length} not, ${macs.keyless} without a published key`,
    ].join('; ');
    const found = [...strangersOf(view), ...macs.invalid, ...repeatsOf(view)];
    if (found.length > 0) return finding('contradicts', listed(found), expected, observed, view.captures);
    const defect = viewDefect(view);
    if (defect !== null) return finding('inconclusive', defect, expected, observed, view.captures);
    if (!types.has('data')) return finding('inconclusive', 'no WireGuard data message on the wire', expected, observed, view.captures);
    const uncompared = view.captures.reduce((n, c) => n + c.wireguardUncompared, 0);
    if (uncompared > 0)
      return finding('inconclusive', `${uncompared} message(s) came after the bound of the comparison`, expected, observed, view.captures);
    if (macs.keyless > 0)
      return finding(
        'inconclusive',
        `${macs.keyless} handshake(s) to a node whose public key was not read`,
        expected,
        observed,
        view.captures,
      );
    return finding('supports', `every message on the port is lawful: ${observed}`, expected, observed, view.captures);
  },
};

function typesOf(view: WireView): Map<string, number> {
  const types = new Map<string, number>();
  for (const { type, frames } of view.captures.flatMap((c) => c.ledger?.wireguard ?? [])) types.set(type, (types.get(type) ?? 0) + frames);
  return types;
}

function strangersOf(view: WireView): string[] {
  return view.captures.flatMap((c) => [
    ...c.notWireguard.map((s) => `${s.frames} frame(s) ${s.src} > ${s.dst} that are no WireGuard, first frame ${s.firstFrame} of ${c.key}`),
    ...(c.ledger?.wireguard ?? [])
      .filter((m) => !LAWFUL.has(m.type))
      .map((m) => `${m.frames} message(s) of type ${m.type} ${m.src} > ${m.dst}`),
  ]);
}

/** The counter is the nonce of the AEAD: one that comes twice is a replay when its content is the same, and a broken cipher else. */
function repeatsOf(view: WireView): string[] {
  return view.captures.flatMap((c) =>
    c.wireguardRepeats.map(
      (r) =>
        `the session ${r.receiver} ${r.src} > ${r.dst} has counter ${r.counter} again with ${r.sameContent ? 'the same' : 'another'} content, frame ${r.frame} of ${c.key}`,
    ),
  );
}

function verify(facts: Facts, view: WireView): { valid: number; invalid: string[]; keyless: number } {
  const book = addressBook(facts.manifest.cluster);
  const invalid: string[] = [];
  let valid = 0;
  let keyless = 0;
  for (const capture of view.captures)
    for (const handshake of capture.handshakes) {
      const { node } = book.ownerOf(handshake.dst);
      const keys = node === null ? [] : publishedKeys(facts, node);
      if (keys.length === 0) keyless++;
      else if (keys.some((key) => hasValidMac1(handshake, key))) valid++;
      else invalid.push(describe(handshake, node, capture.key));
    }
  return { valid, invalid, keyless };
}

function describe(handshake: Handshake, node: string | null, capture: string): string {
  return `the ${handshake.type} ${handshake.src} > ${handshake.dst}, frame ${handshake.frame} of ${capture}, was not made for the published key of ${node}`;
}

/** The keys a node published in its CiliumNode; where the API was not read, the key of its device. */
function publishedKeys(facts: Facts, node: string): string[] {
  const published = facts.state.api.flatMap((api) =>
    JUDGED.has(api.snapshot) && api.ciliumNodes.ok ? api.ciliumNodes.value.filter((n) => n.name === node) : [],
  );
  const keys = published.flatMap((n) => (n.wireguardPublicKey === undefined ? [] : [n.wireguardPublicKey]));
  if (published.length > 0) return [...new Set(keys)];
  const devices = facts.state.nodes.filter((n) => n.node === node && JUDGED.has(n.snapshot)).map((n) => n.wireguard);
  return [...new Set(devices.flatMap((d) => (d.ok && d.value?.publicKey !== undefined ? [d.value.publicKey] : [])))];
}
