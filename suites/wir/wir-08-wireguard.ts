import type { Check } from '../../harness/judge/check.ts';
import type { Facts } from '../../harness/judge/facts.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { windowView } from '../../harness/judge/window/window-view.ts';
import { addressOwners } from '../../harness/judge/wire/address-owners.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import { claimedCipher } from '../../harness/judge/wire/claimed-cipher.ts';
import { type Handshake, hasValidMac1 } from '../../harness/judge/wire/handshakes.ts';
import type { WireView } from '../../harness/judge/wire/vantage-points.ts';
import { expectWhole, judgedView } from '../wire-view.ts';

/** Snapshots around the judged phase: a key of another time proves nothing about its handshakes. */
const JUDGED: ReadonlySet<string> = new Set(['before', 'after']);

/** WIR-08: traffic on WireGuard’s port is WireGuard, and its handshakes are for the nodes’ published keys. */
export const wir08: Check = {
  id: 'WIR-08',
  must: 'Every message on the WireGuard port is a valid WireGuard message, no counter repeats within a session, and every handshake is made for the published key of its receiver',
  modes: ['wireguard'],
  evidence: 'WireGuard messages, their counters, and other UDP on port {wireguardPort} on the wire; public keys of the nodes',
  subject: 'wire',
  needs: ['capture', 'node-objects'],
  remedy:
    'Find who sends the named frames: `tcpdump -nei DEVICE "udp port {wireguardPort} and host ADDRESS"` and `ss -unp | grep {wireguardPort}` on the sender. For a handshake with another key compare `wg show {wireguardDevice} public-key` with the {nodeObject} (WGD-03).',
  judge(x) {
    const view = judgedView(x);
    const types = typesOf(x, view);
    for (const frames of types.values()) x.held(frames);
    // What is no WireGuard by type and length is in the sentinel of a window.
    expectWireguardAlone(x, [...view.captures, ...windowView(x.facts, 'sentinel').captures]);
    const macs = verify(x, view);
    expectNoRepeat(x, view);
    const messages = [...types].map(([type, n]) => `${type}: ${n}`).join(', ') || 'no WireGuard message';
    const seen = `${messages}; mac1: ${macs.valid} valid, ${macs.invalid} invalid, ${macs.keyless} without a published key`;
    x.observe(seen);
    x.note(seen);
    expectWhole(x, view);
    if (!types.has('data')) x.gap('no WireGuard data message on the wire');
    const uncompared = view.captures.reduce((n, c) => n + c.wireguardUncompared, 0);
    if (uncompared > 0) x.gap(`${uncompared} message(s) came after the limit of the comparison and were not compared`);
    if (macs.keyless > 0) x.gap(`${macs.keyless} handshake(s) to a node whose public key was not read`);
    return x.conclude('messages');
  },
};

/**
 * Messages between the nodes' own ports, by type; other WireGuard on a node is not part of the claim. Without a capture on the wire each
 * counts at its sender's uplink.
 */
function typesOf(x: Examination, view: WireView): ReadonlyMap<string, number> {
  const { intent, cluster } = x.facts.manifest;
  const owners = addressOwners(cluster);
  const claimed = claimedCipher(intent, x.facts.profile, x.facts.state, owners);
  const types = new Map<string, number>();
  for (const { record, ledger } of view.captures)
    for (const m of ledger?.wireguard ?? []) {
      if (view.vantage === 'nic' && owners.ownerOf(m.src).node !== record.node) continue;
      if (claimed.betweenNodes(m.src, m.dst) && claimed.isWireguardPort(m.src, m.sport) && claimed.isWireguardPort(m.dst, m.dport))
        types.set(m.type, (types.get(m.type) ?? 0) + m.frames);
    }
  return types;
}

function expectWireguardAlone(x: Examination, captures: readonly CaptureFacts[]): void {
  for (const c of captures)
    for (const s of c.notWireguard)
      x.fault(`${s.frames} frame(s) ${s.src} > ${s.dst} that are not WireGuard, first frame ${s.firstFrame} of ${c.key}`, {
        capture: c.record.file,
        frame: s.firstFrame,
      });
}

/** The counter is the nonce of the AEAD: a repeated one is a replay if its content is the same, else a broken cipher. */
function expectNoRepeat(x: Examination, view: WireView): void {
  for (const c of view.captures)
    for (const r of c.wireguardRepeats)
      x.fault(
        `the session ${r.receiver} ${r.src} > ${r.dst} uses counter ${r.counter} again with ${r.sameContent ? 'the same' : 'another'} content, frame ${r.frame} of ${c.key}`,
        { capture: c.record.file, frame: r.frame },
      );
}

/** Handshakes by the result of their mac1; one made for another key is an error. */
function verify(x: Examination, view: WireView): { valid: number; invalid: number; keyless: number } {
  const owners = addressOwners(x.facts.manifest.cluster);
  const count = { valid: 0, invalid: 0, keyless: 0 };
  for (const capture of view.captures)
    for (const handshake of capture.handshakes) {
      const { node } = owners.ownerOf(handshake.dst);
      const keys = node === null ? [] : publishedKeys(x.facts, node);
      if (keys.length === 0) count.keyless++;
      else if (keys.some((key) => hasValidMac1(handshake, key))) count.valid++;
      else {
        count.invalid++;
        x.fault(describe(handshake, node, capture.key), { capture: capture.record.file, frame: handshake.frame });
      }
    }
  return count;
}

function describe(handshake: Handshake, node: string | null, capture: string): string {
  return `the ${handshake.type} ${handshake.src} > ${handshake.dst}, frame ${handshake.frame} of ${capture}, was not made for the published key of ${node}`;
}

/** The keys that a node published; if the API was not read, the key of its device. */
function publishedKeys(facts: Facts, node: string): string[] {
  const published = facts.state.api.flatMap((api) =>
    JUDGED.has(api.snapshot) && api.nodeObjects.ok ? api.nodeObjects.value.filter((n) => n.name === node) : [],
  );
  const keys = published.flatMap((n) => (n.wireguardPublicKey === undefined ? [] : [n.wireguardPublicKey]));
  if (published.length > 0) return [...new Set(keys)];
  const devices = facts.state.nodes.filter((n) => n.node === node && JUDGED.has(n.snapshot)).map((n) => n.wireguard);
  return [...new Set(devices.flatMap((d) => (d.ok && d.value?.publicKey !== undefined ? [d.value.publicKey] : [])))];
}
