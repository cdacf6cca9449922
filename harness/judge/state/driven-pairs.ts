import type { TrafficRecord } from '../../model/recording.ts';
import type { Examination } from './examination.ts';

/**
 * Requests of the judged phase between the pods of each two nodes, by `from to` in both directions, because each answered request
 * sends at least one packet each way. Only flows from pod to pod: they are encrypted in every profile.
 */
export function drivenPairs(x: Examination, count: (flow: TrafficRecord) => number): ReadonlyMap<string, number> {
  const pairs = new Map<string, number>();
  for (const flow of x.facts.manifest.traffic) {
    const [a, b] = [flow.source.node, flow.destination.node];
    if (flow.phase !== 'encrypted' || flow.path !== 'pod-pod' || a === null || b === null || a === b || count(flow) === 0) continue;
    for (const key of [`${a} ${b}`, `${b} ${a}`]) pairs.set(key, (pairs.get(key) ?? 0) + count(flow));
  }
  return pairs;
}
