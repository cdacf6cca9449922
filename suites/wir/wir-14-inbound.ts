import type { Check } from '../../harness/judge/check.ts';
import type { Examination } from '../../harness/judge/state/examination.ts';
import type { Snapshot, TrafficRecord } from '../../harness/model/recording.ts';
import type { Finding } from '../../harness/model/verdict.ts';

/** WIR-14: the encryption of outgoing traffic does not prevent others from sending plaintext to pods. */
export const wir14: Check = {
  id: 'WIR-14',
  must: 'If strict mode for ingress is claimed, a readable packet from outside with the source address of a pod of another node is dropped, and the drop is counted; otherwise the result says whether pods accept plaintext',
  modes: ['ipsec', 'wireguard'],
  evidence:
    'one packet of each family that is sent in the clear from outside, or past the encryption of its node, at the end of the run: whether it reached the other node readable, and whether it was answered; counters of dropped packets before and after it',
  needs: [],
  remedy:
    'Turn on strict mode for ingress (`encryption.strictMode.ingress.enabled` with Helm, from 1.19, WireGuard), then {restartAgents}. Without it, let no other machine send packets on the network of the nodes: encryption protects what pods send, but it does not authenticate what they receive in the clear.',
  judge(x) {
    const claimed = x.facts.manifest.intent.strictIngress === true;
    const flows = x.facts.manifest.traffic.filter(({ phase }) => phase === 'inbound');
    if (flows.length === 0)
      return claimed
        ? x.set(
            'not-exercised',
            'no packet was sent from outside: in a cluster that others use this is done only where `--inject-inbound` names its context',
          )
        : x.set('not-applicable', 'strict mode for ingress is not claimed, and no packet was sent from outside');
    const tries = [...Map.groupBy(flows, ({ family }) => family).values()].map((own) => ({
      own: own.find(({ id }) => id.startsWith('inbound/own/')),
      injected: own.find(({ id }) => id.startsWith('inbound/injected/')),
    }));
    const whole = tries.filter((each): each is Try => each.own !== undefined && each.injected !== undefined);
    if (whole.length < tries.length) x.gap('the recording has only one of the two requests: the pod’s own and the injected one');
    const answered = whole.filter(({ injected }) => injected.answered > 0);
    const unseen = answered.filter(({ injected }) => injected.arrived === 0);
    const accepted = answered.filter((each) => !unseen.includes(each));
    if (!claimed && answered.length > 0)
      return x.set(
        'not-applicable',
        `strict mode for ingress is not claimed; ${[...accepted.map(({ injected }) => accepts(injected)), ...unseen.map(({ injected }) => answeredUnseen(injected))].join('; ')}`,
      );
    for (const { injected } of accepted) x.fault(accepts(injected), { flow: injected.id });
    for (const { injected } of unseen) x.gap(answeredUnseen(injected), { flow: injected.id });
    return judgeSilent(
      x,
      whole.filter(({ injected }) => injected.answered === 0),
      claimed,
    );
  },
};

/** What was done in one family. */
interface Try {
  /** The pod’s own request, and the packet from outside. */
  readonly own: TrafficRecord;
  readonly injected: TrafficRecord;
}

function accepts({ source, destination, family }: TrafficRecord): string {
  return `${destination.name} on ${destination.node} answered a readable packet from outside with the address of ${source.name} (${family}): it accepts plaintext`;
}

/** Without a readable frame at the uplink the packet may have been encrypted on its way, and then the answer shows nothing. */
function answeredUnseen({ destination, note }: TrafficRecord): string {
  return `${destination.name} answered, but the uplink of ${destination.node} did not show the packet readable${note === '' ? '' : `: ${note}`}`;
}

/** Packets that nobody answered: dropped on purpose only where the node counted as many as were sent. */
function judgeSilent(x: Examination, silent: readonly Try[], claimed: boolean): Finding {
  const [first] = silent;
  if (first === undefined) return x.conclude('packets from outside');
  const { node } = first.injected.destination;
  const sent = silent.reduce((sum, { injected }) => sum + injected.sent, 0);
  const dropped = droppedOn(x, node, 'after', 'inbound');
  const counted = dropped !== undefined && silent.every(({ injected }) => injected.sent > 0 && injected.arrived !== 0) && dropped >= sent;
  const otherwise = counted ? droppedOn(x, node, 'before', 'after') : undefined;
  if (!claimed && (otherwise !== 0 || silent.some(({ own }) => own.answered === 0)))
    return x.set(
      'not-applicable',
      'strict mode for ingress is not claimed; the packet from outside was not answered, and nothing shows that it was dropped as readable',
    );
  if (counted && otherwise !== 0)
    x.gap(
      `“${x.words.droppedAsClear}” (INGRESS) of ${node} grew by ${dropped}, and by ${otherwise ?? 'an unknown number'} before that, when nothing was sent from outside: it does not show what was dropped`,
      { flow: first.injected.id },
    );
  else if (counted) {
    x.held(sent);
    x.note(`${node} dropped it: “${x.words.droppedAsClear}” (INGRESS) grew by ${dropped}`);
  } else if (dropped !== undefined)
    x.gap(
      `the packet was not answered, and ${node} does not say that it dropped it: “${x.words.droppedAsClear}” (INGRESS) grew by ${dropped}, ${sent} sent`,
      { flow: first.injected.id },
    );
  for (const { own, injected } of silent) {
    if (own.answered === 0)
      x.gap(`the request that ${own.source.name} sent itself was not answered either${own.note === '' ? '' : `: ${own.note}`}`, {
        flow: own.id,
      });
    if (injected.sent > 0 && injected.arrived === 0)
      x.gap(
        `the uplink of ${injected.destination.node} did not show the packet${injected.note === '' ? ': the network between the nodes did not deliver it' : `: ${injected.note}`}`,
        { flow: injected.id },
      );
    if (injected.sent === 0) x.gap(`the packet was not sent${injected.note === '' ? '' : `: ${injected.note}`}`, { flow: injected.id });
  }
  return x.conclude('packets from outside');
}

/**
 * Packets that a node counted between two readings as dropped because they were readable; undefined if its counters were not read at both.
 * A packet without an answer alone proves nothing.
 */
function droppedOn(x: Examination, node: string | null, from: Snapshot, to: Snapshot): number | undefined {
  const reason = x.words.droppedAsClear;
  const [start, end] = [from, to]
    .map((snapshot) => x.nodes(snapshot).find((each) => each.node === node))
    .map((state) => (state === undefined ? undefined : x.use(state.drops)))
    .map((drops) =>
      drops?.filter((drop) => drop.reason === reason && drop.direction === 'INGRESS').reduce((sum, { packets }) => sum + packets, 0),
    );
  return start === undefined || end === undefined ? undefined : end - start;
}
