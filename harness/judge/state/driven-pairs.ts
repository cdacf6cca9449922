import type { TrafficRecord } from '../../model/recording.ts';
import type { Examination } from './examination.ts';

/** Requests from one node's pods to another's, and their answers: both directions have an entry. */
export interface DrivenPair {
  readonly from: string;
  readonly to: string;
  readonly requests: number;
}

/**
 * Requests of the judged phase between the pods of each pair of nodes, in both directions, because each answered request sends at least one
 * packet in each direction. Only flows from pod to pod: they are encrypted in every profile.
 */
export function drivenPairs(x: Examination, count: (flow: TrafficRecord) => number): readonly DrivenPair[] {
  const pairs: DrivenPair[] = [];
  const add = (from: string, to: string, more: number): void => {
    const known = pairs.findIndex((pair) => pair.from === from && pair.to === to);
    if (known < 0) pairs.push({ from, to, requests: more });
    else pairs[known] = { from, to, requests: (pairs[known]?.requests ?? 0) + more };
  };
  for (const flow of x.facts.manifest.traffic) {
    const [a, b] = [flow.source.node, flow.destination.node];
    if (flow.phase !== 'encrypted' || flow.path !== 'pod-pod' || a === null || b === null || a === b || count(flow) === 0) continue;
    add(a, b, count(flow));
    add(b, a, count(flow));
  }
  return pairs;
}
