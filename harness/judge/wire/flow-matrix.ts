import type { RecordingManifest, TrafficRecord } from '../../model/recording.ts';
import type { FlowVerdict, FrameReference } from '../../model/report.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { StateFacts } from '../state/state-facts.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { describeClear, describeSighting } from './describe.ts';
import { type FlowEvidence, type JudgedEvidence, judgedEvidence } from './flow-evidence.ts';
import { type ExpectedTreatment, treatmentOf } from './treatment.ts';
import { explainUnanswered } from './unanswered.ts';

interface Outcome {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** One verdict for each flow that was driven in the judged phase, in the manifest's order. */
export function flowVerdicts(
  manifest: RecordingManifest,
  profile: Profile | null,
  captures: readonly CaptureFacts[],
  state: StateFacts | null = null,
): readonly FlowVerdict[] {
  const judged = judgedEvidence(manifest, captures, profile);
  return manifest.traffic
    .filter((flow) => flow.phase === 'encrypted')
    .map((flow) => explained(rowOf(flow, manifest, profile, judged), flow, state, captures));
}

/** The reason of a flow that must be encrypted and was not answered also says what was lost meanwhile, and how far its requests came. */
function explained(row: FlowVerdict, flow: TrafficRecord, state: StateFacts | null, captures: readonly CaptureFacts[]): FlowVerdict {
  if (row.verdict !== 'inconclusive' || row.treatment !== 'encrypted' || flow.sent === 0 || flow.answered > 0) return row;
  return { ...row, reason: `${row.reason}${explainUnanswered(flow, state, captures)}` };
}

function rowOf(flow: TrafficRecord, manifest: RecordingManifest, profile: Profile | null, judged: JudgedEvidence): FlowVerdict {
  const evidence = judged.of(flow);
  const expected = unlessDropped(treatmentOf(profile, manifest.intent, flow), flow, evidence);
  const outcome = outcomeOf(flow, expected, evidence, judged);
  return {
    id: flow.id,
    path: flow.path,
    family: flow.family,
    protocol: flow.protocol,
    source: flow.source,
    destination: flow.destination,
    treatment: expected.treatment,
    treatmentReason: expected.reason,
    verdict: outcome.verdict,
    reason: outcome.reason,
    sent: flow.sent,
    answered: flow.answered,
    clearFrames: evidence.clear.reduce((n, a) => n + a.frames, 0),
    controlFrames: evidence.controlFrames,
    ...(outcome.verdict === 'contradicts' ? firstReadableOf(evidence.clear.length > 0 ? evidence : evidence.atPods) : {}),
  };
}

function firstReadableOf({ clear, canaries }: Pick<FlowEvidence, 'clear' | 'canaries'>): { firstReadable?: FrameReference } {
  const first = clear[0] ?? canaries[0];
  return first === undefined ? {} : { firstReadable: { capture: first.file, frame: first.firstFrame } };
}

/** A flow that must be dropped, but was answered or seen, must be encrypted like any other flow. */
function unlessDropped(expected: ExpectedTreatment, flow: TrafficRecord, evidence: FlowEvidence): ExpectedTreatment {
  if (expected.treatment !== 'dropped' || (flow.answered === 0 && plaintextOf(flow, evidence) === null)) return expected;
  return { ...expected, treatment: 'encrypted', reason: `${expected.reason}; this one was not dropped` };
}

function outcomeOf(flow: TrafficRecord, expected: ExpectedTreatment, evidence: FlowEvidence, judged: JudgedEvidence): Outcome {
  if (expected.treatment === 'clear-by-design') return clearOutcome(flow, evidence, judged);
  const plaintext = plaintextOf(flow, evidence);
  if (plaintext !== null && expected.known) return { verdict: 'contradicts', reason: plaintext };
  if (plaintext !== null) return { verdict: 'inconclusive', reason: `${plaintext}; but ${expected.reason}` };
  if (!expected.known) return { verdict: 'inconclusive', reason: expected.reason };
  if (flow.path === 'same-node' && expected.treatment === 'encrypted') return sameNodeOutcome(flow, evidence);
  if (judged.view.gaps.length > 0) return { verdict: 'inconclusive', reason: `the capture proves nothing: ${judged.view.gaps.join('; ')}` };
  return expected.treatment === 'dropped' ? droppedOutcome(flow) : encryptedOutcome(flow, evidence);
}

/** Plaintext is a contradiction even if the capture is damaged: it was seen. */
function plaintextOf(flow: TrafficRecord, { clear, canaries, ways }: Pick<FlowEvidence, 'clear' | 'canaries' | 'ways'>): string | null {
  const sighting = canaries[0];
  const account = clear[0];
  if (sighting === undefined && account === undefined) return null;
  const frames = clear.reduce((n, a) => n + a.frames, 0);
  const parts = [
    ...(account === undefined ? [] : [`${frames} frame(s) in the clear${onlyOneWay(ways)}, the first ${describeClear(account)}`]),
    ...(sighting === undefined ? [] : [`its canary ${flow.canary} is readable, ${describeSighting(sighting)}`]),
  ];
  return `${flow.source.name} -> ${flow.destination.name}, ${flow.family} ${flow.protocol}: ${parts.join(', ')} (flow ${flow.id})`;
}

/** The direction, if all readable frames have the same. */
function onlyOneWay([way, ...others]: FlowEvidence['ways']): string {
  return way === undefined || others.length > 0 ? '' : `, all of them ${way}`;
}

/** Two pods of one node: the wire shows nothing of them, the host sides of the pods do. */
function sameNodeOutcome(flow: TrafficRecord, { atPods, controlFrames, control }: FlowEvidence): Outcome {
  const { captures, clear, canaries, connections } = atPods;
  const names = captures.join(', ');
  const plaintext = plaintextOf(flow, { clear, canaries, ways: [] });
  if (plaintext !== null) return { verdict: 'contradicts', reason: plaintext };
  if (captures.length === 0)
    return { verdict: 'inconclusive', reason: 'no complete capture at one of its pods, and the wire does not show it' };
  if (flow.answered === 0) return { verdict: 'inconclusive', reason: `no request was answered: ${flow.sent} sent` };
  if (connections === 0) return { verdict: 'inconclusive', reason: `no plaintext, but no TLS connection of its pods either, at ${names}` };
  if (controlFrames === 0) return { verdict: 'inconclusive', reason: `positive control missing: its canary was not seen in ${control}` };
  return { verdict: 'supports', reason: `no frame of it in the clear, and ${connections} TLS connection(s) of its pods, at ${names}` };
}

function encryptedOutcome(flow: TrafficRecord, evidence: FlowEvidence): Outcome {
  if (evidence.staysOnNode)
    return { verdict: 'not-exercised', reason: `every answer came from node ${startOf(flow)}: no packet of it had to leave the node` };
  const loss = flow.note === '' ? '' : `: ${flow.note}`;
  // Health checks may be off, or a policy may let agents alone ask.
  if (flow.answered === 0 && flow.destination.kind === 'health')
    return { verdict: 'not-exercised', reason: `${flow.destination.name} did not answer: ${flow.sent} sent${loss}` };
  if (flow.answered === 0) return { verdict: 'inconclusive', reason: `no request was answered: ${flow.sent} sent${loss}` };
  const astray = flow.path === 'pod-egress' ? notByGateway(flow, evidence) : null;
  if (astray !== null) return astray;
  if (evidence.withoutCipher.length > 0)
    return { verdict: 'inconclusive', reason: `no plaintext, but no ciphertext either on ${evidence.withoutCipher.join(', ')}` };
  if (evidence.controlFrames === 0)
    return { verdict: 'inconclusive', reason: `positive control missing: its canary was not seen in ${evidence.control}` };
  const lost = flow.sent - flow.answered;
  return {
    verdict: 'supports',
    reason: `no frame of it in the clear, ciphertext both ways, canary seen ${evidence.controlFrames} time(s) in ${evidence.control}${lost > 0 ? `; ${lost} of ${flow.sent} requests unanswered` : ''}`,
  };
}

/** A packet that leaves its own node for outside was on no way between nodes, and is readable beside the gateway; null where all is as claimed. */
function notByGateway({ id, destination, source }: TrafficRecord, { edgeNodes }: FlowEvidence): Outcome | null {
  const others = edgeNodes.filter((node) => node !== destination.node);
  if (others.length > 0)
    return {
      verdict: 'contradicts',
      reason: `${source.name} -> ${destination.name}: it left ${others.join(', ')} for outside, not by the egress gateway ${destination.node} (flow ${id})`,
    };
  return edgeNodes.length > 0
    ? null
    : { verdict: 'inconclusive', reason: `answered, but not seen between the egress gateway ${destination.node} and ${destination.name}` };
}

/** The node at which the path between nodes begins. */
function startOf({ source, destination }: TrafficRecord): string | null {
  return source.node ?? destination.node;
}

function droppedOutcome(flow: TrafficRecord): Outcome {
  if (flow.sent === 0) return { verdict: 'inconclusive', reason: `nothing was sent, so nothing could be dropped: ${flow.note}` };
  return { verdict: 'supports', reason: `dropped by design: ${flow.sent} sent, none answered, no frame of it in the clear` };
}

function clearOutcome(flow: TrafficRecord, evidence: FlowEvidence, judged: JudgedEvidence): Outcome {
  const frames = evidence.clear.reduce((n, a) => n + a.frames, 0);
  const shown = evidence.shown.reduce((n, a) => n + a.frames, 0);
  if (flow.answered === 0) return { verdict: 'not-exercised', reason: `clear by design, but no request was answered: ${flow.sent} sent` };
  if (flow.path === 'same-node' || flow.source.node === flow.destination.node)
    return frames === 0
      ? { verdict: 'supports', reason: 'stays on its node; no frame of it on the wire' }
      : {
          verdict: 'contradicts',
          reason: `stays on its node by design, but ${frames} frame(s) of it left the node in the clear, the first ${describeClear(evidence.clear[0]!)} (flow ${flow.id})`,
        };
  if (flow.path === 'outside-node') return outsideOutcome(flow, evidence, judged);
  if (evidence.staysOnNode)
    return { verdict: 'not-exercised', reason: `every answer came from node ${startOf(flow)}: no packet of it had to leave the node` };
  if (judged.view.gaps.length > 0) return { verdict: 'inconclusive', reason: `the capture proves nothing: ${judged.view.gaps.join('; ')}` };
  // A capture that does not show what is clear would not show a leak either.
  const unseen = unseenOf(flow, evidence, shown);
  if (unseen.length > 0)
    return {
      verdict: 'inconclusive',
      reason: `clear by design and answered, but no frame of it was seen ${unseen.join(', ')}: the capture does not show clear frames`,
    };
  if (shown === 0) return { verdict: 'supports', reason: 'clear by design, and no frame of it was readable: ciphertext went both ways' };
  return { verdict: 'supports', reason: `clear by design: ${shown} frame(s) of it counted on the wire` };
}

/**
 * A client outside and a pod of the node to which it sends: readable between these two, and not seen between nodes. With DSR a request that
 * another node sends on to the same pod has the same addresses; such a frame is of this flow only if it carries its canary.
 */
function outsideOutcome(flow: TrafficRecord, { atEdge, clear }: FlowEvidence, { view, sentOn }: JudgedEvidence): Outcome {
  const [leaked] = clear.filter(({ flows }) => !flows.some((id) => sentOn.has(id)));
  if (leaked !== undefined) {
    const what = `is for a pod of the node that received it, but left that node in the clear, the first ${describeClear(leaked)}`;
    return { verdict: 'contradicts', reason: `${flow.destination.name} ${what} (flow ${flow.id})` };
  }
  if (view.gaps.length > 0) return { verdict: 'inconclusive', reason: `the capture proves nothing: ${view.gaps.join('; ')}` };
  const frames = atEdge.reduce((n, a) => n + a.frames, 0);
  return frames === 0
    ? { verdict: 'inconclusive', reason: 'answered, but no frame of it was seen: the capture does not show clear frames' }
    : { verdict: 'supports', reason: `${frames} frame(s) of it between the client and the node, none between nodes` };
}

/**
 * Directions in which a flow must be seen, but was not. Between nodes both directions are clear. Between a pod and a node one direction may
 * be encrypted; if both may be, there must be ciphertext.
 */
function unseenOf(flow: TrafficRecord, evidence: FlowEvidence, shown: number): readonly string[] {
  if (flow.path === 'node-node') return evidence.withoutClear;
  if (shown > 0) return [];
  return evidence.mayBeEncrypted ? evidence.withoutCipher : evidence.withoutClear;
}
