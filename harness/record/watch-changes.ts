import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterSight, ClusterWatch } from '../model/cluster.ts';
import type { Instant } from '../model/recording.ts';
import { reachedNodes } from '../model/scope.ts';
import { type ChangeLine, ChangeTracker } from './change-tracker.ts';
import { type Change, restartAgents, rotateKey } from './changes.ts';
import type { Observation, RecordingSession } from './session.ts';

/** Milliseconds between two observations. */
const LOOK_MS = 1000;
/** Longest wait after the requested time until a change that has begun is over: ten minutes, as for a rotation by the harness. */
const SETTLE_MS = 600_000;

/** The scenario `observe`: observe what other people change, or make the named changes, one after the other. */
export const observe: Change = async (session, window) => {
  const { observation } = session;
  if (observation === undefined) throw new RangeError('the scenario observe needs to know for how long');
  if (observation.disruptions.length === 0) return watchChanges(session, observation);
  for (const disruption of observation.disruptions)
    await { rotation: rotateKey, 'agent-restart': restartAgents }[disruption](session, window);
};

/**
 * Observe what other people change until the time is over or a user ends it, and write it to the journal like a change made by the harness.
 * Changes that have begun are waited for, up to a limit. An event happened between the previous observation (`notBefore`) and its own time.
 */
async function watchChanges(session: RecordingSession, { forMs, endsEarly }: Observation): Promise<void> {
  const { cluster, writer, progress, signal } = session;
  const { watch } = cluster;
  if (watch === undefined) throw new RangeError(`${cluster.description.name}: changes by other people cannot be observed in this cluster`);
  const early = new AbortController();
  using _listening = endsEarly?.(() => early.abort());
  const ends = signal === undefined ? early.signal : AbortSignal.any([signal, early.signal]);
  const looks = new Looks(session, watch);
  let before = await looks.next(ends);
  const tracker =
    before === null
      ? null
      : new ChangeTracker(
          reachedNodes(cluster.description).map(({ name }) => name),
          before.sight,
        );
  writer.event('observation-started', { forMs });
  progress(`window: watching for ${forMs / 1000} s; Ctrl-C ends it, and what was recorded is judged`);
  const until = writer.now().monotonicMs + forMs;
  const goesOn = (): boolean => {
    const over = writer.now().monotonicMs - until;
    return !ends.aborted && tracker !== null && (over < 0 || (over < SETTLE_MS && tracker.unfinished.length > 0));
  };
  let reported = false;
  while (tracker !== null && goesOn()) {
    await pause(LOOK_MS, undefined, { signal: ends }).catch(() => {}); // Ending the observation ends the pause.
    const seen = await looks.next(ends);
    if (seen === null || before === null) break;
    const { monotonicMs, utc } = before.at;
    const happened = [...tracker.see(seen.sight), ...(await settled(tracker, looks))];
    for (const sighting of happened) {
      writer.event(sighting.event, { ...sighting.detail, notBefore: { utc, monotonicMs } });
      progress(`window: seen: ${describe(sighting)}`);
    }
    before = seen;
    if (!reported && writer.now().monotonicMs > until && tracker.unfinished.length > 0) {
      reported = true;
      progress(`window: the time is over; ${tracker.unfinished.join(', ')} is not: waiting at most ${SETTLE_MS / 60_000} minutes for it`);
    }
  }
  signal?.throwIfAborted();
  writer.event('observation-ended', { early: early.signal.aborted, unfinished: tracker?.unfinished ?? [] });
}

/**
 * Whether the current rotation is over: no kernel has the old key any more. This needs one command on each node, so it is asked only during
 * a rotation.
 */
async function settled(tracker: ChangeTracker, looks: Looks): Promise<readonly ChangeLine[]> {
  const { replacedKey } = tracker;
  if (replacedKey === null) return [];
  const holding = await looks.holding(replacedKey);
  return holding?.length === 0 ? tracker.replacedKeyGone() : [];
}

/** Observations with retry: a server without answer is asked again, and the journal says how long it gave none. */
class Looks {
  readonly #session: RecordingSession;
  readonly #watch: ClusterWatch;
  #blind = false;
  #kernelsBlind = false;

  constructor(session: RecordingSession, watch: ClusterWatch) {
    this.#session = session;
    this.#watch = watch;
  }

  /** The next observation with the time before it; null when the observation ended first. */
  async next(ends: AbortSignal): Promise<{ readonly at: Instant; readonly sight: ClusterSight } | null> {
    const { writer, progress } = this.#session;
    while (!ends.aborted) {
      const at = writer.now();
      try {
        const sight = await this.#watch.look();
        if (this.#blind) writer.event('sight-regained', {});
        this.#blind = false;
        return { at, sight };
      } catch (error) {
        const problem = error instanceof Error ? error.message : String(error);
        if (!this.#blind) writer.event('sight-lost', { problem });
        if (!this.#blind) progress(`window: the cluster cannot be seen: ${problem}`);
        this.#blind = true;
      }
      await pause(LOOK_MS, undefined, { signal: ends }).catch(() => {}); // Ending the observation ends the pause.
    }
    return null;
  }

  /** The nodes whose kernel has the key; null if one gave no answer, which the journal says once: the next observation asks again. */
  async holding(keyId: number): Promise<readonly string[] | null> {
    const { writer, progress } = this.#session;
    try {
      const nodes = await this.#watch.holding(keyId);
      this.#kernelsBlind = false;
      return nodes;
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (!this.#kernelsBlind) writer.event('kernels-not-read', { problem });
      if (!this.#kernelsBlind) progress(`window: whether the old key is gone cannot be seen: ${problem}`);
      this.#kernelsBlind = true;
      return null;
    }
  }
}

function describe({ event, detail }: ChangeLine): string {
  return [event.replaceAll('-', ' '), ...Object.entries(detail).map(([name, value]) => `${name} ${String(value)}`)].join(', ');
}
