import type { WireguardPeer } from '../../harness/decode/kernel/wireguard-items.ts';
import type { Check } from '../../harness/judge/check.ts';
import { drivenPairs } from '../../harness/judge/state/driven-pairs.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import { endpointAddress, endpointPort } from '../../harness/judge/state/peer-endpoint.ts';
import { type WireWindow, windowOf, wireWindows } from '../../harness/judge/state/wire-window.ts';
import { deviceOf, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';
import type { WireguardAccount } from '../../harness/model/ledger.ts';

/** Bytes that may move between the two readings and outside the capture: handshakes, keepalives, probes. */
const OUTSIDE_CAPTURE = 16_384;
/** Fewest bytes of a data message with a packet in it: 32 of WireGuard and the packet padded to 16 (WireGuard paper, §5.4.6). */
const LEAST_MESSAGE = 64;

export const wgd06: Check = {
  id: 'WGD-06',
  must: 'The byte counters of each peer grow by the bytes on the wire, within the tolerance, and by at least the driven traffic',
  modes: ['wireguard'],
  evidence: 'wg show {wireguardDevice} transfer before and after, captures of the wire',
  needs: ['host-shell', 'capture'],
  remedy:
    'Find the path on which pod traffic leaves the named node: `wg show {wireguardDevice} transfer`, `ip rule`, `ip route get POD-ADDRESS`. Counters that do not grow while pods communicate mean that traffic goes around the device: read WIR-01 and RUL-03.',
  judge(x) {
    const expected = `bytes on the wire <= bytes sent to the peer, no more than ${OUTSIDE_CAPTURE} bytes or a tenth of them unseen, and at least ${LEAST_MESSAGE} bytes for each answered request`;
    const answered = drivenPairs(x, (flow) => flow.answered);
    const windows = wireWindows(x);
    if (windows === null)
      return x.set('not-exercised', 'nothing was captured on the wire or at an uplink in the encrypted phase', expected);
    const keys = { before: publicKeys(x, 'before'), after: publicKeys(x, 'after') };
    for (const before of x.nodes('before')) {
      const after = x.facts.state.nodes.find((n) => n.node === before.node && n.snapshot === 'after');
      if (after === undefined) continue;
      const [first, last] = [deviceOf(x, before), deviceOf(x, after)];
      if (first === undefined || last === undefined || !before.wireguard.ok || !after.wireguard.ok) continue;
      if (first === null || last === null) {
        x.gap(`${before.node}: there is no device ${x.words.wireguardDevice}`, { node: before.node });
        continue;
      }
      const [start, end] = [before.wireguard, after.wireguard];
      const window = windowOf(windows, before.node, start, end);
      if (window === undefined) {
        x.gap(`${before.node}: the two readings are not before and after the capture`, { node: before.node });
        continue;
      }
      for (const other of x.facts.manifest.cluster.nodes) {
        if (other.name === before.node) continue;
        const [a, b] = [peerOf(first, other, keys.before), peerOf(last, other, keys.after)];
        if (a === undefined || b === undefined) x.gap(`${before.node}: no peer for ${other.name}`, { node: before.node });
        else judge(x, before.node, a, b, window, answered.find(({ from, to }) => from === before.node && to === other.name)?.requests ?? 0);
      }
    }
    return x.conclude('directions', expected);
  },
};

function judge(x: Examination, node: string, before: WireguardPeer, after: WireguardPeer, { ledger }: WireWindow, answered: number): void {
  const remote = endpointAddress(after);
  const own = x.facts.manifest.cluster.nodes.find((n) => n.name === node)?.addresses ?? [];
  for (const way of ['sent', 'received'] as const) {
    const where = `${node}: bytes ${way} ${way === 'sent' ? 'to' : 'from'} ${remote === '' ? after.publicKey : remote}`;
    const [from, to] = [before[way], after[way]];
    if (remote === '' || from === undefined || to === undefined || to < from) {
      x.gap(`${where}: no endpoint, or the counter was not printed or went back`, { node });
      continue;
    }
    const port = endpointPort(after);
    const messages = ledger.wireguard.filter((m) => {
      const [local, far, farPort] = way === 'sent' ? [m.src, m.dst, m.dport] : [m.dst, m.src, m.sport];
      // Other WireGuard of the same two nodes uses other ports.
      return farPort === port && sameAddress(far, remote) && own.some((a) => sameAddress(a, local));
    });
    const bytesOf = (counted: readonly WireguardAccount[]) => counted.reduce((sum, m) => sum + m.bytes, 0);
    const seen = bytesOf(messages);
    // The kernel counts a received handshake only when it takes it (drivers/net/wireguard/receive.c). Of two ends that start together each
    // drops the other's answer.
    const handshakes = way === 'sent' ? 0 : bytesOf(messages.filter(({ type }) => type !== 'data'));
    const moved = to - from;
    x.expect(
      seen - handshakes <= moved * 1.01 + 64,
      `${where}: the kernel counts ${moved}, the wire shows ${seen}${handshakes > 0 ? `, of which ${handshakes} of handshakes` : ''}`,
      { node },
    );
    x.expect(moved - seen <= Math.max(OUTSIDE_CAPTURE, moved * 0.1), `${where}: the kernel counts ${moved}, the wire shows only ${seen}`, {
      node,
    });
    // If the traffic went around the device, both sides agree on zero.
    x.expect(
      moved >= answered * LEAST_MESSAGE,
      `${where}: the kernel counts ${moved} for ${answered} answered request(s) of pods: the requests did not go through WireGuard`,
      { node },
    );
  }
}
