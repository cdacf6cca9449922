import type { Check } from '../../harness/judge/check.ts';
import { type DrivenPair, drivenPairs } from '../../harness/judge/state/driven-pairs.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { deviceOf, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';

export const wgd05: Check = {
  id: 'WGD-05',
  must: 'On every pair of nodes with driven traffic the latest handshake was no older than 180 s at the last driven request',
  modes: ['wireguard'],
  evidence: "wg show {wireguardDevice} latest-handshakes and the node's clock, after",
  needs: ['host-shell', 'capture'],
  remedy:
    'See the age on both nodes: `wg show {wireguardDevice} latest-handshakes` and `date +%s`. Allow UDP port {wireguardPort} between all nodes (security groups, `iptables -nvL`, `nft list ruleset`), and compare the keys (WGD-03).',
  judge(x) {
    const { wireguard } = x;
    const limit = wireguard.handshakeMaxAge.value;
    const expected = `a handshake at most ${limit} s old at the last driven request of every pair with driven traffic`;
    // Driven, answered or not: without a session there is no answer.
    const pairs = drivenPairs(x, ({ sent }) => sent);
    if (pairs.length === 0) return x.set('not-exercised', 'no traffic was driven between two nodes', expected);
    for (const node of x.nodes('after')) {
      const device = deviceOf(x, node);
      if (device === undefined) continue;
      if (device === null) {
        x.gap(`${at(node)}: there is no device ${x.words.wireguardDevice}`, { node: node.node });
        continue;
      }
      const keys = publicKeys(x, node.snapshot);
      for (const other of x.facts.manifest.cluster.nodes) {
        const pair = pairs.find(({ from, to }) => from === node.node && to === other.name);
        if (pair === undefined) continue;
        const peer = peerOf(device, other, keys);
        if (peer === undefined) {
          x.gap(`${at(node)}: no peer for ${other.name}`, { node: node.node });
          continue;
        }
        const earlier = earlierHandshake(x, node, peer.publicKey);
        if (earlier !== undefined && peer.latestHandshake !== undefined && peer.latestHandshake < earlier)
          x.gap(`${at(node)}: the last handshake with ${other.name} is older than it was before the traffic`, { node: node.node });
        const age = ageOf(x, node, peer.latestHandshake, peer.handshakeAgeSeconds);
        if (age === null)
          x.fault(`${at(node)}: no handshake with ${other.name} although traffic was driven between them`, { node: node.node });
        else if (age !== undefined && age < -AHEAD)
          x.fault(
            `${at(node)}: the last handshake with ${other.name} is ${Math.round(-age)} s in the future, by the clock of the node itself`,
            { node: node.node },
          );
        else if (age !== undefined) {
          const idle = idleSeconds(node, pair);
          const since = idle === 0 ? '' : `, ${Math.round(idle)} s after the last driven request`;
          x.expect(
            age - idle <= limit,
            `${at(node)}: the last handshake with ${other.name} is ${Math.round(age)} s old${since}, limit ${limit} s at that request`,
            { node: node.node },
          );
        }
      }
    }
    return x.conclude('pairs', expected);
  },
};

/** The last handshake of the same peer before the traffic, Unix seconds. */
function earlierHandshake(x: Examination, { node }: NodeState, publicKey: string): number | undefined {
  const before = x.facts.state.nodes.find((n) => n.node === node && n.snapshot === 'before');
  if (before?.wireguard.ok !== true) return undefined;
  return before.wireguard.value?.peers.find((peer) => peer.publicKey === publicKey)?.latestHandshake;
}

/**
 * Seconds between the last driven request of a pair and the reading of the node's clock. Where nothing is sent, no handshake is made
 * (WireGuard paper, §6.1), so these seconds say nothing about the sessions. A reading that cannot be placed allows none.
 */
function idleSeconds({ clock }: NodeState, { lastMs }: DrivenPair): number {
  const readMs = clock.ok ? Math.min(...clock.commands.map(({ startedAt }) => startedAt.monotonicMs)) : lastMs;
  return Math.max(0, (readMs - lastMs) / 1000);
}

/** The clock may have been read this many seconds before the handshake. */
const AHEAD = 15;

/** Seconds since the handshake; null when there was none, undefined (and a gap) when it is unknown. */
function ageOf(x: Examination, node: NodeState, handshake: number | undefined, printedAge: number | undefined): number | null | undefined {
  if (handshake === undefined && printedAge !== undefined) return printedAge;
  if (handshake === undefined) {
    x.gap(`${at(node)}: the time of the handshake was not printed`, { node: node.node });
    return undefined;
  }
  if (handshake === 0) return null;
  const now = x.use(node.clock);
  return now === undefined ? undefined : now / 1000 - handshake;
}
