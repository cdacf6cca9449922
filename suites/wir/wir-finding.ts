import type { Facts } from '../../harness/judge/facts.ts';
import type { CaptureFacts } from '../../harness/judge/wire/capture-facts.ts';
import { type WireView, wireView } from '../../harness/judge/wire/vantage-points.ts';
import type { FlowVerdict } from '../../harness/model/report.ts';
import type { Finding, Verdict } from '../../harness/model/verdict.ts';

/** How many items a sentence names before it says how many more there are. */
const NAMED = 4;

/** The judged phase as it left the nodes. */
export function judgedView(facts: Facts): WireView {
  return wireView(
    facts.wire.captures,
    'encrypted',
    facts.manifest.cluster.nodes.map((n) => n.name),
  );
}

/** Flows of the matrix that must be encrypted. */
export function encryptedFlows(facts: Facts): readonly FlowVerdict[] {
  return facts.wire.flows.filter((f) => f.treatment === 'encrypted');
}

/** Join items for a sentence; the rest is counted, never silently dropped. */
export function listed(items: readonly string[]): string {
  if (items.length <= NAMED) return items.join('; ');
  return `${items.slice(0, NAMED).join('; ')}; and ${items.length - NAMED} more`;
}

/** A finding over captures, which are its evidence. */
export function finding(verdict: Verdict, reason: string, expected: string, observed: string, captures: readonly CaptureFacts[]): Finding {
  return { verdict, reason, expected, observed, evidence: [...new Set(captures.map((c) => c.record.file))].sort() };
}

/** Why the judged view proves nothing at all, or null. An empty capture is no evidence of absence. */
export function viewDefect(view: WireView): string | null {
  if (view.gaps.length > 0) return listed(view.gaps);
  const frames = view.captures.reduce((n, c) => n + (c.ledger?.frames ?? 0), 0);
  return frames === 0 ? `no frame was captured at ${view.captures.map((c) => c.key).join(', ')}` : null;
}
