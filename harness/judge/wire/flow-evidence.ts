import type { Mode } from '../../model/mode.ts';
import type { FlowPath, RecordingManifest, TrafficRecord } from '../../model/recording.ts';
import type { Profile } from '../../stacks/profile.ts';
import { type AddressOwners, addressOwners, normalAddress } from './address-owners.ts';
import type { CanarySighting, CaptureFacts, CipherAccount, ClearAccount } from './capture-facts.ts';
import { cipherFamily } from './cipher-family.ts';
import { addressesOf, nodePairsOf } from './flow-index.ts';
import { canariesOf, cipherOf, clearVantages, type Named, readableOf, type WireView, wireView } from './vantage-points.ts';

/** What the captures show for and against one driven flow. */
export interface FlowEvidence {
  /** Readable frames of it on the wire in the judged phase, without those of {@link atEdge}. */
  readonly clear: readonly Named<ClearAccount>[];
  /** The directions of those frames; empty if one of them has no end of the flow as its source. */
  readonly ways: readonly ('requests' | 'answers')[];
  /** Readable frames between a client outside and the node to which it sends, from the captures of the view. */
  readonly atEdge: readonly Named<ClearAccount>[];
  /** Nodes between which and a client outside frames of it were seen. */
  readonly edgeNodes: readonly string[];
  /** Its canary on the wire in the judged phase. */
  readonly canaries: readonly Named<CanarySighting>[];
  /** Directions between nodes that carried no ciphertext, `node1 -> node2`. */
  readonly withoutCipher: readonly string[];
  /** Those of `clear` that the captures of the view itself show, without the uplinks beside a tap. */
  readonly shown: readonly Named<ClearAccount>[];
  /** Directions between nodes in which the view itself shows no readable frame of it. */
  readonly withoutClear: readonly string[];
  /**
   * The claimed encryption may encrypt it although it need not: WireGuard encrypts everything that goes to the pods of a peer, whoever
   * sends it.
   */
  readonly mayBeEncrypted: boolean;
  /** It was answered, and only by ends on its own node. */
  readonly staysOnNode: boolean;
  /** For a flow of two pods of one node: what the captures at these pods show. */
  readonly atPods: PodSideEvidence;
  /** Frames that show that a canary of this flow can be seen: in the un-encrypted phase, else at a clear vantage. */
  readonly controlFrames: number;
  readonly control: string;
}

/** What the captures at the host sides of a flow's pods show, in the phase of the flow. */
export interface PodSideEvidence {
  /** Names of the captures; empty where none is complete. */
  readonly captures: readonly string[];
  readonly clear: readonly Named<ClearAccount>[];
  readonly canaries: readonly Named<CanarySighting>[];
  /** TLS connections between the two pods that carried data both ways. */
  readonly connections: number;
}

/** Paths on which a node sends to a pod. */
const FROM_NODE: ReadonlySet<FlowPath> = new Set(['node-pod', 'node-health', 'outside-pod']);

/** Gathers evidence for flows of one recording; the views are computed once. */
export interface JudgedEvidence {
  readonly view: WireView;
  readonly clearView: WireView | null;
  /** Ids of the requests from outside that a node sends on to another one with the address of the client, by DSR as claimed. */
  readonly sentOn: ReadonlySet<string>;
  of(flow: TrafficRecord): FlowEvidence;
}

/** Prepare the evidence of a recording's judged phase. */
export function judgedEvidence(manifest: RecordingManifest, captures: readonly CaptureFacts[], profile: Profile | null): JudgedEvidence {
  // A node that was not reached sent no driven traffic: its missing uplink matters for the claim, but not for these flows.
  const driven = new Set(manifest.traffic.flatMap(({ source, destination }) => [source.node, destination.node]));
  const nodes = manifest.cluster.nodes.filter(({ name, unreached }) => unreached === undefined || driven.has(name)).map(({ name }) => name);
  const view = wireView(captures, 'encrypted', nodes);
  const familyOfFrame = cipherFamily(profile, manifest.intent);
  const hasClearPhase = captures.some((c) => c.record.phase === 'clear');
  const clearView = hasClearPhase ? wireView(captures, 'clear', nodes) : null;
  const owners = addressOwners(manifest.cluster);
  const inView = new Set(view.captures.map((c) => c.key));
  const [readable, canaries, ciphertext] = [readableOf(view), canariesOf(view), cipherOf(view)];
  return {
    view,
    clearView,
    sentOn: new Set(manifest.traffic.filter(({ path }) => path === 'outside-pod' && isDsr(manifest.intent)).map(({ id }) => id)),
    of(flow) {
      const wanted = cipherKindOf(manifest.intent.mode);
      // TLS has the addresses of the pods: each flow has its own.
      const ends = [flow.source, flow.destination].flatMap((end) => addressesOf(end, manifest.cluster));
      const isOf = (x: CipherAccount): boolean =>
        wanted === 'tls'
          ? [x.src, x.dst].every((address) => ends.includes(normalAddress(address)))
          : familyOfFrame === null || familyOfFrame(x) === flow.family;
      const pairs = nodePairsOf(flow, manifest.cluster).flatMap(([a, b]) => [
        [a, b],
        [b, a],
      ]);
      const own = readable.filter((a) => a.flows.includes(flow.id));
      const clear = own.filter((a) => !a.atEdge);
      const shown = clear.filter((a) => inView.has(a.capture));
      return {
        clear,
        ways: waysOf(flow, clear, manifest),
        shown,
        atEdge: own.filter((a) => a.atEdge && inView.has(a.capture)),
        edgeNodes: [
          ...new Set(
            own
              .filter((a) => a.atEdge)
              .flatMap((a) => [a.outerSrc, a.outerDst].map((address) => owners.ownerOf(address).node))
              .filter((node) => node !== null),
          ),
        ],
        canaries: canaries.filter((s) => !s.atEdge && s.flows.includes(flow.id)),
        withoutCipher: pairs
          .filter(([from, to]) => !ciphertext.some((x) => carries(x, wanted, from, to) && isOf(x)))
          .map(([from, to]) => `${from} -> ${to}`),
        withoutClear: pairs
          .filter(([from]) => !shown.some((a) => owners.ownerOf(a.outerSrc).node === from))
          .map(([from, to]) => `${from} -> ${to}`),
        mayBeEncrypted: manifest.intent.mode === 'wireguard' && FROM_NODE.has(flow.path),
        staysOnNode: flow.answered > 0 && pairs.length === 0,
        atPods: podSideOf(flow, manifest, captures),
        ...controlOf(flow, manifest, owners, clearView, captures),
      };
    },
  };
}

/** Whether requests from outside are claimed to go on with the address of the client. */
function isDsr({ loadBalancer = 'snat' }: RecordingManifest['intent']): boolean {
  return loadBalancer !== 'snat';
}

/** The kind of ciphertext that a mode puts on the wire. */
function cipherKindOf(mode: Mode): CipherAccount['kind'] {
  return mode === 'wireguard' || mode === 'tls' ? mode : 'esp';
}

/** The owner of the source address shows the direction of a readable frame: answers can leak although requests do not. */
function waysOf(flow: TrafficRecord, clear: readonly ClearAccount[], { cluster }: RecordingManifest): FlowEvidence['ways'] {
  const [source, destination] = [flow.source, flow.destination].map((end) => new Set(addressesOf(end, cluster)));
  const ways = clear.map(({ src }) => {
    const address = normalAddress(src);
    return destination?.has(address) ? ('answers' as const) : source?.has(address) ? ('requests' as const) : null;
  });
  return ways.includes(null) ? [] : [...new Set(ways.filter((way) => way !== null))];
}

function carries(account: CipherAccount, kind: CipherAccount['kind'], from: string | undefined, to: string | undefined): boolean {
  return account.kind === kind && account.from === from && account.to === to && account.frames > 0;
}

/**
 * The positive control: a capture that cannot show plaintext proves nothing when it shows none. The un-encrypted phase is the better
 * control; the flow of a service may have stayed on its node there, and then the clear vantages are searched. Only a canary that was sent
 * counts, in a readable frame between the ends of its flow.
 */
function controlOf(
  flow: TrafficRecord,
  manifest: RecordingManifest,
  owners: AddressOwners,
  clearView: WireView | null,
  captures: readonly CaptureFacts[],
): { controlFrames: number; control: string } {
  const seen = (list: readonly CaptureFacts[], sent: TrafficRecord): number => readableFrames(list, sent, manifest, owners);
  // A proxy in the pod encrypts before its packets leave the pod.
  const own = manifest.intent.mode === 'tls' ? [] : captures.filter((c) => isPodSide(c, flow, manifest));
  // What is not seen at the pod itself was not sent, and no other capture would show it.
  if (own.length > 0 && seen(own, flow) === 0)
    return { controlFrames: 0, control: `the pod's own side ${own.map((c) => c.key).join(', ')}` };
  const twins = manifest.traffic.filter((t) => t.phase === 'clear' && t.sent > 0 && sameFlow(t, flow));
  const onTheWire = twins.reduce((n, twin) => n + seen(clearView?.captures ?? [], twin), 0);
  if (onTheWire > 0) return { controlFrames: onTheWire, control: 'the un-encrypted phase on the wire' };
  const inside = clearVantages(captures, manifest.intent.mode);
  const names = inside.map((c) => c.key).join(', ') || '(none was captured)';
  const tried = clearView === null ? '' : 'the un-encrypted phase on the wire and ';
  const sent = [flow, ...twins].filter((each) => each.sent > 0);
  const frames = sent.reduce(
    (n, each) =>
      n +
      seen(
        inside.filter(({ record }) => record.phase === each.phase),
        each,
      ),
    0,
  );
  return { controlFrames: frames, control: `${tried}the clear vantages ${names}` };
}

function podSideOf(flow: TrafficRecord, manifest: RecordingManifest, captures: readonly CaptureFacts[]): PodSideEvidence {
  const own = captures.filter((c) => isPodSide(c, flow, manifest));
  const named = <T>(of: (capture: CaptureFacts) => readonly T[]): readonly Named<T>[] =>
    own.flatMap((c) => of(c).map((item) => ({ ...item, capture: c.key, file: c.record.file })));
  const [sources, targets] = [flow.source, flow.destination].map((end) => addressesOf(end, manifest.cluster));
  const connections = named((c) => c.tls).filter(
    ({ established, client, server }) =>
      established && sources!.includes(normalAddress(client)) && targets!.includes(normalAddress(server)),
  );
  return {
    captures: own.map(({ key }) => key),
    clear: named((c) => c.clear).filter(({ flows }) => flows.includes(flow.id)),
    canaries: named((c) => c.canaries).filter(({ flows }) => flows.includes(flow.id)),
    connections: connections.length,
  };
}

/** The capture is of the host side of one of the flow's pods, in the phase of the flow. */
function isPodSide({ record, complete }: CaptureFacts, flow: TrafficRecord, { cluster }: RecordingManifest): boolean {
  if (record.vantage !== 'pod' || record.phase !== flow.phase || !complete) return false;
  const ends = [flow.source.name, flow.destination.name];
  return cluster.pods.some(
    (pod) => pod.hostInterface === record.interface && pod.node === record.node && ends.includes(`${pod.namespace}/${pod.name}`),
  );
}

function sameFlow(a: TrafficRecord, b: TrafficRecord): boolean {
  return a.id === b.id || (describeEnds(a) === describeEnds(b) && a.largeBytes === b.largeBytes);
}

function describeEnds(f: TrafficRecord): string {
  return [f.path, f.family, f.protocol, f.source.name, f.destination.name, f.port].join(' ');
}

/** Readable frames that carry the canary of a flow, between its ends, or between their nodes where an address was translated. */
export function readableFrames(
  captures: readonly CaptureFacts[],
  flow: TrafficRecord,
  manifest: RecordingManifest,
  owners: AddressOwners,
): number {
  const { cluster } = manifest;
  const nodesOf = nodePairsOf(flow, cluster).flat();
  const ends = [flow.source, flow.destination].map((end) => new Set(addressesOf(end, cluster)));
  const isEnd = (address: string): boolean => {
    const { node } = owners.ownerOf(address);
    return (node !== null && (node === flow.source.node || nodesOf.includes(node))) || ends.some((own) => own.has(normalAddress(address)));
  };
  return captures
    .flatMap((c) => c.clear)
    .filter((a) => a.by === 'canary' && !a.atEdge && a.flows.includes(flow.id) && isEnd(a.src) && isEnd(a.dst))
    .reduce((n, a) => n + a.frames, 0);
}
