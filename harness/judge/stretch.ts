import type { Instant } from '../model/recording.ts';

/** The two clocks of a run may drift apart by this much, milliseconds: UTC can be set while it runs, the monotonic clock cannot. */
const CLOCKS_MS = 5000;

/** A stretch of time by both clocks of the recorder. */
export interface Stretch {
  readonly from: Instant;
  readonly to: Instant;
}

/** Whether a stretch lies inside another: exactly by the monotonic clock, and within seconds by UTC. Invalid times lie inside nothing. */
export function liesInside(outer: Stretch, inner: Stretch): boolean {
  return inOrder(outer.from, inner.from) && inOrder(inner.from, inner.to) && inOrder(inner.to, outer.to);
}

function inOrder(a: Instant, b: Instant): boolean {
  return a.monotonicMs <= b.monotonicMs && Date.parse(a.utc) <= Date.parse(b.utc) + CLOCKS_MS;
}

/** Whether two instants of a run are equally far from each other by both clocks. */
export function clocksAgree(a: Instant, b: Instant): boolean {
  return Math.abs(Date.parse(b.utc) - Date.parse(a.utc) - (b.monotonicMs - a.monotonicMs)) <= CLOCKS_MS;
}
