import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { deviceOf, peerOf, publicKeys } from '../../harness/judge/state/wireguard-peers.ts';
import { windowTraffic } from '../../harness/judge/window/losses.ts';
import { firstMoment, lastMoment } from '../../harness/judge/window/moments.ts';

/** Seconds after which a session under load must have been renewed: WireGuard paper §6.1, Rekey-After-Time 120 s, Reject-After-Time 180 s. */
const RENEWED_AFTER_S = 180;
/** A lost handshake is repeated after 5 s (§6.1, Rekey-Timeout): a longer time without answers is an outage. */
const OUTAGE_MS = 5000;

/** ROT-07: WireGuard renews the session, or the node its key, and traffic continues. */
export const rot07: Check = {
  id: 'ROT-07',
  must: 'The WireGuard session key changes under load without an outage, at both ends of each pair of nodes that carried traffic',
  modes: ['wireguard'],
  scenarios: ['rotation'],
  evidence: 'wg show latest-handshakes of every node before, in the window and at its end; requests of the window',
  subject: 'loss',
  needs: ['host-shell'],
  remedy:
    'See the handshakes on both nodes: `wg show {wireguardDevice} latest-handshakes`. Allow UDP port {wireguardPort} in both directions, without a short connection timeout in firewalls and NAT; if the node key was changed, compare it with the {nodeObject} (WGD-03).',
  judge(x) {
    const [started, ended] = [firstMoment(x.facts, 'window-started'), lastMoment(x.facts, 'window-ended')];
    if (started === null || ended === null) {
      x.gap('the journal does not say when the window began and ended');
      return x.conclude(
        'ends of sessions',
        `a new handshake in the window at both ends of each pair that carried traffic, and no ${OUTAGE_MS / 1000} s without an answer`,
      );
    }
    const pairs = pairsUnderLoad(x);
    if (pairs.size === 0) x.gap('no request between two nodes was answered in the window');
    const seconds = (ended - started) / 1000;
    const renewed = x.nodes('end').reduce((n, node) => n + judgeNode(x, node, pairs, started, seconds), 0);
    if (renewed === 0) x.gap(`no session was renewed in the window of ${seconds.toFixed(0)} s`);
    x.note(`${renewed} end(s) of sessions renewed in ${seconds.toFixed(0)} s`);
    for (const flow of windowTraffic(x.facts)) {
      const gap = flow.load?.longestGapMs;
      if (gap !== undefined)
        x.expect(gap <= OUTAGE_MS, `${flow.source.name} -> ${flow.destination.name}: ${gap} ms without an answer, allowed ${OUTAGE_MS}`);
    }
    return x.conclude(
      'ends of sessions',
      `a new handshake in the window at both ends of each pair that carried traffic, and no ${OUTAGE_MS / 1000} s without an answer`,
    );
  },
};

/** Ends of sessions on this node that were renewed in the window. */
function judgeNode(x: Examination, node: NodeState, pairs: ReadonlySet<string>, started: number, seconds: number): number {
  const device = deviceOf(x, node);
  if (device === undefined) return 0;
  if (device === null) {
    x.gap(`${node.node} end: there is no device ${x.words.wireguardDevice}`, { node: node.node });
    return 0;
  }
  const keys = publicKeys(x, 'end');
  let renewed = 0;
  for (const other of x.facts.manifest.cluster.nodes) {
    if (!pairs.has(`${node.node} ${other.name}`)) continue;
    const handshake = peerOf(device, other, keys)?.latestHandshake;
    const where = `${node.node}: the session with ${other.name}`;
    if (handshake === undefined) x.gap(`${where}: the time of its handshake was not printed`, { node: node.node });
    // The kernel prints whole seconds, rounded down.
    else if (handshake >= Math.floor(started / 1000)) renewed += 1;
    else if (seconds >= RENEWED_AFTER_S)
      x.fault(`${where} was not renewed in ${seconds.toFixed(0)} s of load, limit ${RENEWED_AFTER_S} s`, { node: node.node });
    else x.note(`${where} was not renewed, and the window of ${seconds.toFixed(0)} s is too short to require it`);
  }
  x.held(renewed);
  return renewed;
}

/** `from to` in both directions for every answered flow of the window between two nodes' pods. */
function pairsUnderLoad(x: Examination): ReadonlySet<string> {
  const pairs = new Set<string>();
  for (const { path, answered, source, destination } of windowTraffic(x.facts)) {
    const [a, b] = [source.node, destination.node];
    if (path !== 'pod-pod' || answered === 0 || a === null || b === null || a === b) continue;
    pairs.add(`${a} ${b}`).add(`${b} ${a}`);
  }
  return pairs;
}
