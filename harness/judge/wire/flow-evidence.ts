import type { RecordingManifest, TrafficRecord } from '../../model/recording.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { CanarySighting, CaptureFacts, CipherAccount, ClearAccount } from './capture-facts.ts';
import { cipherFamily } from './cipher-family.ts';
import { nodePairsOf } from './flow-index.ts';
import { clearVantages, type WireView, wireView } from './vantage-points.ts';

/** What the captures hold for and against one driven flow. */
export interface FlowEvidence {
  /** Readable frames of it on the wire in the judged phase. */
  readonly clear: readonly (ClearAccount & { readonly capture: string })[];
  /** Its canary on the wire in the judged phase. */
  readonly canaries: readonly (CanarySighting & { readonly capture: string })[];
  /** Directions between nodes that carried no ciphertext, `node1 -> node2`. */
  readonly withoutCipher: readonly string[];
  /** It was answered, and only by ends on its own node. */
  readonly staysOnNode: boolean;
  /** Frames that show that a canary of this flow can be seen: in the un-encrypted phase, else at a clear vantage. */
  readonly controlFrames: number;
  readonly control: string;
}

/** Gathers evidence for flows of one recording; the views are computed once. */
export interface EvidenceRoom {
  readonly view: WireView;
  readonly clearView: WireView | null;
  of(flow: TrafficRecord): FlowEvidence;
}

/** Open the evidence of a recording's judged phase. */
export function evidenceRoom(manifest: RecordingManifest, captures: readonly CaptureFacts[], profile: Profile | null): EvidenceRoom {
  const nodes = manifest.cluster.nodes.map((n) => n.name);
  const view = wireView(captures, 'encrypted', nodes);
  const told = cipherFamily(profile, manifest.intent);
  const hasClearPhase = captures.some((c) => c.record.phase === 'clear');
  const clearView = hasClearPhase ? wireView(captures, 'clear', nodes) : null;
  return {
    view,
    clearView,
    of(flow) {
      const wanted = manifest.intent.mode === 'wireguard' ? 'wireguard' : 'esp';
      const isOf = (x: CipherAccount): boolean => told === null || told(x) === flow.family;
      const pairs = nodePairsOf(flow, manifest.cluster).flatMap(([a, b]) => [
        [a, b],
        [b, a],
      ]);
      return {
        clear: view.captures.flatMap((c) => named(c, c.clear).filter((a) => a.flows.includes(flow.id) && !a.inboundCopy)),
        canaries: view.captures.flatMap((c) => named(c, c.canaries).filter((s) => s.flows.includes(flow.id) && !s.inboundCopy)),
        withoutCipher: pairs
          .filter(([from, to]) => !view.captures.some((c) => c.cipher.some((x) => carries(x, wanted, from, to) && isOf(x))))
          .map(([from, to]) => `${from} -> ${to}`),
        staysOnNode: flow.answered > 0 && pairs.length === 0,
        ...controlOf(flow, manifest, clearView, captures),
      };
    },
  };
}

function carries(account: CipherAccount, kind: 'esp' | 'wireguard', from: string | undefined, to: string | undefined): boolean {
  return account.kind === kind && account.from === from && account.to === to && account.frames > 0;
}

function named<T extends object>(capture: CaptureFacts, items: readonly T[]): (T & { capture: string })[] {
  return items.map((item) => ({ ...item, capture: capture.key }));
}

/**
 * The positive control: an instrument that never shows plaintext proves nothing by showing none. The un-encrypted phase is
 * the better one; a service's flow may have stayed on its node there, and is then looked for at the clear vantages.
 */
function controlOf(
  flow: TrafficRecord,
  manifest: RecordingManifest,
  clearView: WireView | null,
  captures: readonly CaptureFacts[],
): { controlFrames: number; control: string } {
  const twins = manifest.traffic.filter((t) => t.phase === 'clear' && sameFlow(t, flow)).map((t) => t.canary);
  const onTheWire = sightings(clearView?.captures ?? [], twins);
  if (onTheWire > 0) return { controlFrames: onTheWire, control: 'the un-encrypted phase on the wire' };
  const inside = clearVantages(captures);
  const names = inside.map((c) => c.key).join(', ') || '(none was captured)';
  const tried = clearView === null ? '' : 'the un-encrypted phase on the wire and ';
  return { controlFrames: sightings(inside, [flow.canary]), control: `${tried}the clear vantages ${names}` };
}

function sameFlow(a: TrafficRecord, b: TrafficRecord): boolean {
  return a.id === b.id || (describeEnds(a) === describeEnds(b) && a.id.includes('large') === b.id.includes('large'));
}

function describeEnds(f: TrafficRecord): string {
  return [f.path, f.family, f.protocol, f.source.name, f.destination.name, f.port].join(' ');
}

function sightings(captures: readonly CaptureFacts[], canaries: readonly string[]): number {
  let frames = 0;
  for (const capture of captures) for (const s of capture.canaries) if (canaries.includes(s.canary)) frames += s.frames;
  return frames;
}
