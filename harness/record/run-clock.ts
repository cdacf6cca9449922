import { performance } from 'node:perf_hooks';
import type { Instant } from '../model/recording.ts';

/** The time by two clocks: UTC for people, monotonic for order and durations. */
export class RunClock {
  readonly #origin = performance.now();

  now(): Instant {
    return { utc: new Date().toISOString(), monotonicMs: Math.round((performance.now() - this.#origin) * 1000) / 1000 };
  }
}
