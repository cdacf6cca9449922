import type { TrafficRecord } from '../../model/recording.ts';
import type { Examination } from './examination.ts';

/** Requests from one node's pods to another's, and their answers: both directions have an entry. */
export interface DrivenPair {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
  /** When the last of them had its answer, or was given up: milliseconds of the recorder's monotonic clock. */
  readonly lastMs: number;
}

/**
 * Requests of the judged phase between the pods of each pair of nodes, in both directions, because each answered request sends at least one
 * packet in each direction. Only flows from pod to pod: they are encrypted in every profile.
 */
export function drivenPairs(x: Examination, count: (flow: TrafficRecord) => number): readonly DrivenPair[] {
  const pairs: DrivenPair[] = [];
  const add = (from: string, to: string, requests: number, lastMs: number): void => {
    const place = pairs.findIndex((pair) => pair.from === from && pair.to === to);
    const known = pairs[place];
    if (known === undefined) pairs.push({ from, to, requests, lastMs });
    else pairs[place] = { from, to, requests: known.requests + requests, lastMs: Math.max(known.lastMs, lastMs) };
  };
  for (const flow of x.facts.manifest.traffic) {
    const [a, b] = [flow.source.node, flow.destination.node];
    if (flow.phase !== 'encrypted' || flow.path !== 'pod-pod' || a === null || b === null || a === b || count(flow) === 0) continue;
    add(a, b, count(flow), flow.endedAt.monotonicMs);
    add(b, a, count(flow), flow.endedAt.monotonicMs);
  }
  return pairs;
}
