import type { CaptureKind } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import type { CaptureFacts } from '../wire/capture-facts.ts';
import { partGaps } from './watch-parts.ts';

/** The captures of one kind that cover a scenario's whole window, from vantages that can be judged. */
export interface WindowView {
  readonly captures: readonly CaptureFacts[];
  /** Why they do not prove that they captured everything; empty if they do. */
  readonly gaps: readonly string[];
}

/** The tap outside the nodes if there is one, else the uplinks of all nodes together. */
export function windowView(facts: Facts, kind: CaptureKind): WindowView {
  const all = facts.wire.captures.filter((c) => c.record.phase === 'window' && c.record.kind === kind);
  const taps = all.filter((c) => c.record.vantage === 'wire');
  const captures = taps.length > 0 ? taps : all.filter((c) => c.record.vantage === 'nic');
  const gaps = [
    ...captures.flatMap((c) => c.gaps.map((gap) => `${partName(c)}: ${gap}`)),
    ...partGaps(
      captures.map(({ record }) => record),
      facts.window.events,
    ),
  ];
  if (captures.length === 0) return { captures, gaps: [`no ${kind} capture of the window`] };
  if (taps.length > 0) return { captures, gaps };
  const unseen = facts.manifest.cluster.nodes.filter((n) => !captures.some((c) => c.record.node === n.name));
  return { captures, gaps: [...gaps, ...unseen.map((n) => `no ${kind} capture at the uplink of ${n.name} in the window`)] };
}

function partName({ key, record: { part } }: CaptureFacts): string {
  return part === undefined ? key : `${key}, part ${part}`;
}
