import type { Check } from '../../harness/judge/check.ts';
import { at, type Examination } from '../../harness/judge/state/examination.ts';
import { sameAddress } from '../../harness/judge/state/networks.ts';
import type { NodeState } from '../../harness/judge/state/node-state.ts';
import { endpointAddress } from '../../harness/judge/state/peer-endpoint.ts';
import { eventsOf, momentOf } from '../../harness/judge/window/moments.ts';
import { expectNoPlaintext } from '../../harness/judge/window/sentinel.ts';
import type { NodeDescription } from '../../harness/model/cluster.ts';
import type { Snapshot } from '../../harness/model/recording.ts';

/** Seconds after a node joined in which every other node must have SAs or a peer for it. */
const FOLLOW_BOUND_S = 60;

/** LIF-03: the other nodes change their SAs or peers when a node joins or leaves. */
export const lif03: Check = {
  id: 'LIF-03',
  must: 'When a node joins or leaves there is no plaintext, and the other nodes add or remove its SAs or peers within the bound',
  modes: ['ipsec', 'wireguard'],
  scenarios: ['node-join', 'node-leave'],
  evidence: 'sentinel capture of the whole window, SAs and peers of every node afterwards and sampled in the window, journal',
  needs: ['host-shell', 'capture'],
  remedy:
    'See whether the named node knows the other: `{getNodes}`, then `ip xfrm state list` or `wg show {wireguardDevice} peers` on it. If a node left and is still known: delete its {nodeObject}, then restart the agents that still have it.',
  judge(x) {
    const joined = x.facts.manifest.run.scenario === 'node-join';
    const [event] = eventsOf(x.facts, joined ? 'node-joined' : 'node-left');
    const name = event?.detail.node;
    const node = x.facts.manifest.cluster.nodes.find((n) => n.name === name);
    if (event === undefined || node === undefined) x.gap(`the journal names no node that ${joined ? 'joined' : 'left'}`);
    else {
      // A node joins before the judged phase and leaves after it: the next snapshot shows the result.
      const snapshot = x.facts.manifest.commands.some((c) => c.snapshot === 'end') ? 'end' : 'before';
      for (const other of x.nodes(snapshot)) if (other.node !== node.name) judgeNode(x, other, node, joined);
      if (joined) judgeDelay(x, node, snapshot, momentOf(event));
    }
    expectNoPlaintext(x, joined ? 'node-join' : 'node-leave');
    return x.conclude(
      'nodes',
      `no readable frame; every node has SAs or a peer for a node that joined within ${FOLLOW_BOUND_S} s, and none for one that left`,
    );
  },
};

function judgeNode(x: Examination, state: NodeState, node: NodeDescription, joined: boolean): void {
  const known = knows(x, state, node);
  if (known === null) return;
  if (joined) x.expect(known.length > 0, `${at(state)}: no SA and no peer for ${node.name}, which joined`, { node: state.node });
  else x.expect(known.length === 0, `${at(state)}: still has ${known.join(', ')} of ${node.name}, which left`, { node: state.node });
}

/** SAs or peers that a node's kernel has for another node; null, and a gap, when it could not be read. */
function knows(x: Examination, state: NodeState, node: NodeDescription): readonly string[] | null {
  const own = [...node.addresses, ...node.internalAddresses];
  const isOwn = (address: string): boolean => own.some((a) => sameAddress(a, address));
  if (x.facts.manifest.intent.mode === 'wireguard') {
    const device = x.use(state.wireguard);
    if (device === null) x.gap(`${at(state)}: there is no device ${x.words.wireguardDevice}`, { node: state.node });
    if (device === undefined || device === null) return null;
    return device.peers.filter((p) => isOwn(endpointAddress(p))).map((p) => `peer ${endpointAddress(p)}`);
  }
  const states = x.use(state.xfrmStates);
  return states === undefined ? null : states.filter((sa) => isOwn(sa.src) || isOwn(sa.dst)).map((sa) => `SA ${sa.src} -> ${sa.dst}`);
}

/** When the other nodes' kernels had SAs for it, if the samples of the window show that. */
function judgeDelay(x: Examination, node: NodeDescription, snapshot: Snapshot, since: number): void {
  if (x.facts.manifest.intent.mode === 'wireguard') return;
  const own = [...node.addresses, ...node.internalAddresses];
  for (const { name } of x.facts.manifest.cluster.nodes) {
    if (name === node.name) continue;
    const taken = x.facts.window.states.taken.filter((s) => s.node === name);
    const first = taken.find(({ value }) => value.some((sa) => own.some((a) => sameAddress(a, sa.dst) || sameAddress(a, sa.src))));
    if (first === undefined) continue;
    const seconds = Math.max(0, (first.fromMs - since) / 1000);
    x.cite(first.evidence);
    x.expect(seconds <= FOLLOW_BOUND_S, `${name} ${snapshot}: SAs for ${node.name} appeared only ${seconds.toFixed(1)} s after it joined`);
  }
}
