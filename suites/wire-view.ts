import type { Examination } from '../harness/judge/state/examination.ts';
import { type WireView, wireView } from '../harness/judge/wire/vantage-points.ts';
import type { Family } from '../harness/model/mode.ts';
import type { FlowVerdict } from '../harness/model/report.ts';

/** The wire in the judged phase; its captures are evidence of the check. */
export function judgedView(x: Examination): WireView {
  const { captures, cluster } = { captures: x.facts.wire.captures, cluster: x.facts.manifest.cluster };
  const view = wireView(
    captures,
    'encrypted',
    cluster.nodes.map((n) => n.name),
  );
  x.cite(...[...view.captures, ...view.besideTap].map((c) => c.record.file).sort());
  return view;
}

/** An incomplete view is a gap, and so is one without a frame: an empty capture does not prove absence. */
export function expectWhole(x: Examination, view: WireView): void {
  for (const gap of view.gaps) x.gap(gap);
  if (view.gaps.length === 0 && frameCount(view) === 0) x.gap(`no frame was captured at ${captureNames(view)}`);
}

export function frameCount(view: WireView): number {
  return view.captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0);
}

/** Where the view was taken. */
export function captureNames(view: WireView): string {
  return view.captures.map((c) => c.key).join(', ');
}

/** Without a profile it is not known what must be encrypted. */
export function expectProfile(x: Examination): void {
  const { profile, manifest } = x.facts;
  if (profile === null) x.gap(`no profile is known for ${manifest.intent.profile}: it is not known what must be encrypted`);
}

/** Flows of the matrix that must be encrypted on the wire. */
export function encryptedFlows(x: Examination): readonly FlowVerdict[] {
  return x.facts.wire.flows.filter((f) => f.treatment === 'encrypted' && f.path !== 'same-node');
}

/** One statement for each family: `ipv4: 3 frames; ipv6: none`; an intent of one family needs no names. */
export function eachFamily(x: Examination, say: (family: Family) => string): string {
  const { families } = x.facts.manifest.intent;
  return families.map((family) => (families.length === 1 ? say(family) : `${family}: ${say(family)}`)).join('; ');
}

/** Each family of the intent needs its own proof: if its flows prove nothing, the reason is a gap. */
export function expectEachFamily(
  x: Examination,
  flows: readonly FlowVerdict[],
  whyNothing: (own: readonly FlowVerdict[]) => string | null,
): void {
  const { families } = x.facts.manifest.intent;
  for (const family of families) {
    const reason = whyNothing(flows.filter((flow) => flow.family === family));
    if (reason !== null) x.gap(families.length === 1 ? reason : `${family}: ${reason}`);
  }
}

/** The first reason that {@link expectEachFamily} is asked for. */
export function nothingDriven(own: readonly FlowVerdict[]): string | null {
  return own.length === 0 ? 'no flow that must be encrypted was driven' : null;
}
