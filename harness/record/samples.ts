import { setTimeout as pause } from 'node:timers/promises';
import type { Collector } from '../stacks/collector.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { collectOne } from './collect.ts';
import type { RecordingSession } from './session.ts';

/** Milliseconds from the start of one reading of all nodes to the start of the next, unless a reading takes longer. */
const PACE_MS = 1500;
/** In a long watch: once in each minute. */
const WATCH_PACE_MS = 60_000;

/** What is read repeatedly: fast, and sufficient to see which node has which keys and what it published. */
const SAMPLED = ['xfrm-state', 'wg-public-key', 'wg-latest-handshakes', 'wg-transfer'];

/** Reads the kernel of every node, what the nodes publish, and the certificates of proxies, repeatedly until it is stopped. */
export class Sampler {
  readonly #halt = new AbortController();
  readonly #done: Promise<void>;
  #failure: unknown;

  private constructor(read: (index: number) => Promise<void>, paceMs: number) {
    this.#done = this.#run(read, paceMs).catch((error: unknown) => {
      this.#failure = error;
    });
  }

  static start(session: RecordingSession): Sampler {
    const stack = stackOf(session.intent);
    const sampled = new Set([...SAMPLED, stack.readings?.nodeObjects.collector, stack.meshReadings?.certificates?.collector]);
    const collectors = stack
      .collectors(session.cluster.description, session.intent, 'sample')
      .filter(({ collector }) => sampled.has(collector));
    const byPlace = [...Map.groupBy(collectors, ({ node }) => node).values()];
    const inPlace = async (group: readonly Collector[], round: number): Promise<void> => {
      for (const collector of group) await collectOne(session, 'sample', collector, round);
    };
    return new Sampler(
      async (round) => {
        await Promise.all(byPlace.map((group) => inPlace(group, round)));
      },
      session.observation?.watch === undefined ? PACE_MS : WATCH_PACE_MS,
    );
  }

  /** Ends after the current reading. @throws what made a reading impossible: a lost connection, never a command's exit code */
  async stop(): Promise<void> {
    this.#halt.abort();
    await this.#done;
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(read: (round: number) => Promise<void>, paceMs: number): Promise<void> {
    const { signal } = this.#halt;
    for (let round = 1; !signal.aborted; round += 1) {
      const began = performance.now();
      await read(round);
      const left = paceMs - (performance.now() - began);
      if (left > 0) await pause(left, undefined, { signal }).catch(() => {}); // Stopping ends the pause early.
    }
  }
}
