import { setTimeout as pause } from 'node:timers/promises';
import type { ClusterSight, ClusterWatch } from '../model/cluster.ts';
import type { Instant } from '../model/recording.ts';
import { reachedNodes } from '../model/scope.ts';
import { type ChangeLine, ChangeTracker } from './change-tracker.ts';
import { type Change, restartAgents, rotateKey } from './changes.ts';
import type { Observation, RecordingSession } from './session.ts';

/** Milliseconds between two looks. */
const LOOK_MS = 1000;
/** How long is waited beyond the time asked for, until a change that has begun is over: ten minutes, as long as for one's own rotation. */
const SETTLE_MS = 600_000;

/** The scenario `observe`: watch what others change, or make the named changes oneself, one after the other. */
export const observe: Change = async (session, window) => {
  const { observation } = session;
  if (observation === undefined) throw new RangeError('the scenario observe needs to know for how long');
  if (observation.disruptions.length === 0) return watchChanges(session, observation);
  for (const disruption of observation.disruptions)
    await { rotation: rotateKey, 'agent-restart': restartAgents }[disruption](session, window);
};

/**
 * Watch what others change until the time is over or a person ends it, and write it into the journal as a scenario of one's own would. What
 * has begun by then is waited for, within a limit. An event happened between the look before (`notBefore`) and its own time.
 */
async function watchChanges(session: RecordingSession, { forMs, endsEarly }: Observation): Promise<void> {
  const { cluster, writer, progress, signal } = session;
  const { watch } = cluster;
  if (watch === undefined) throw new RangeError(`${cluster.description.name}: what others change in this cluster cannot be seen`);
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
  let told = false;
  while (tracker !== null && goesOn()) {
    await pause(LOOK_MS, undefined, { signal: ends }).catch(() => {}); // Ending it cuts the pause short.
    const seen = await looks.next(ends);
    if (seen === null || before === null) break;
    const { monotonicMs, utc } = before.at;
    const happened = [...tracker.see(seen.sight), ...(await settled(tracker, looks))];
    for (const sighting of happened) {
      writer.event(sighting.event, { ...sighting.detail, notBefore: { utc, monotonicMs } });
      progress(`window: seen: ${describe(sighting)}`);
    }
    before = seen;
    if (!told && writer.now().monotonicMs > until && tracker.unfinished.length > 0) {
      told = true;
      progress(`window: the time is over; ${tracker.unfinished.join(', ')} is not: waiting at most ${SETTLE_MS / 60_000} minutes for it`);
    }
  }
  signal?.throwIfAborted();
  writer.event('observation-ended', { early: early.signal.aborted, unfinished: tracker?.unfinished ?? [] });
}

/** Whether the rotation under way is over: the old key is in no kernel any more. Asking costs a command a node, so only then. */
async function settled(tracker: ChangeTracker, looks: Looks): Promise<readonly ChangeLine[]> {
  const { replacedKey } = tracker;
  if (replacedKey === null) return [];
  const holding = await looks.holding(replacedKey);
  return holding?.length === 0 ? tracker.replacedKeyGone() : [];
}

/** Looks that come through: a server that gives no answer is asked again, and the journal says from when to when it gave none. */
class Looks {
  readonly #session: RecordingSession;
  readonly #watch: ClusterWatch;
  #blind = false;
  #kernelsBlind = false;

  constructor(session: RecordingSession, watch: ClusterWatch) {
    this.#session = session;
    this.#watch = watch;
  }

  /** The next sight with the time before it was taken; null when the observation ended first. */
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
      await pause(LOOK_MS, undefined, { signal: ends }).catch(() => {}); // Ending it cuts the pause short.
    }
    return null;
  }

  /** The nodes whose kernel has the key; null where one gave no answer, which the journal says once: the next look asks again. */
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
