import type { PodDescription } from '../model/cluster.ts';
import { nodePairs } from '../model/node-pairs.ts';
import type { Shell } from '../model/shell.ts';
import { Captures } from './capture.ts';
import { windowCaptures, windowPlaces } from './capture-targets.ts';
import { Sampler } from './samples.ts';
import type { RecordingSession } from './session.ts';
import { thenAlways } from './then-always.ts';
import { Load, WATCH_LOAD } from './traffic/load.ts';
import { firstPods, planLoad } from './traffic/plan-load.ts';
import { plannedCanaries } from './traffic/planned-flow.ts';
import { WatchedPlaces } from './watch/watched-places.ts';

/** Milliseconds of load before the change, and also after it. */
const AROUND_MS = 2500;

/** The long window of a scenario, during the load. */
export interface Window {
  /** Start streams from a pod to the first pod of every other node, or of the sample's partners; they continue until the window ends or they are stopped. */
  loadFrom(pod: PodDescription): Promise<Load>;
  /** Resolves when every load has run for this many milliseconds and knows the result of all requests sent in them. */
  lasts(ms: number): Promise<void>;
  /** Stop one source's streams before the window ends and write their results. */
  finish(load: Load): Promise<void>;
}

/**
 * Change something while requests flow between the first pods of every ordered pair of nodes, while the wire is captured (everything not
 * protected, and the headers of what is) and the kernel of every node is read repeatedly.
 */
export async function recordWindow(session: RecordingSession, change: (window: Window) => Promise<void>): Promise<void> {
  const { cluster, writer, signal } = session;
  const alsoFailed = (error: unknown) => writer.event('window-cleanup-failed', { problem: String(error) });
  const watch = session.observation?.watch;
  const captures =
    watch === undefined
      ? await Captures.start(writer, 'window', windowCaptures(cluster), signal)
      : await WatchedPlaces.start(session, windowPlaces(cluster), watch);
  await thenAlways(
    async () => {
      const samples = Sampler.start(session);
      await thenAlways(
        () => underLoad(session, change, alsoFailed),
        () => samples.stop(),
        alsoFailed,
      );
    },
    async () => {
      await captures.stop();
      await writer.checkpoint();
    },
    alsoFailed,
  );
}

async function underLoad(
  session: RecordingSession,
  change: (window: Window) => Promise<void>,
  alsoFailed: (error: unknown) => void,
): Promise<void> {
  const { cluster, writer, progress, signal } = session;
  const pods = firstPods(cluster.description.pods);
  const loads = new Set<Load>();
  const lost = new Set<Load>();
  const window: Window = {
    loadFrom: async (pod) => {
      const load = await startLoad(session, cluster.workloads.shell(nameOf(pod)), [pod], pods);
      loads.add(load);
      return load;
    },
    lasts: async (ms) => {
      const goesOn = [...loads].filter((load) => !lost.has(load));
      await Promise.all(
        goesOn.map((load) =>
          load.lasts(ms).catch((error: unknown) => {
            signal?.throwIfAborted();
            // Only its own account has a gap: the other loads and the captures continue.
            lost.add(load);
            writer.event('load-lost', { problem: String(error) });
          }),
        ),
      );
      if (goesOn.length > 0 && goesOn.every((load) => lost.has(load))) progress('window: no load is running any more');
    },
    finish: async (load) => {
      loads.delete(load);
      writer.traffic(await load.stop());
    },
  };
  await thenAlways(
    async () => {
      await Promise.all(pods.map((pod) => window.loadFrom(pod)));
      writer.event('window-started', { sources: pods.map(nameOf) });
      progress(`window: load from ${pods.length} pods`);
      await window.lasts(AROUND_MS);
      await change(window);
      await window.lasts(AROUND_MS);
    },
    async () => {
      await finishAll([...loads], window);
      writer.event('window-ended', {});
    },
    alsoFailed,
  );
}

/** Every load is stopped even if one fails, so that the results of the others are kept. */
async function finishAll(loads: readonly Load[], window: Window): Promise<void> {
  const outcomes = await Promise.allSettled(loads.map((load) => window.finish(load)));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

function startLoad(
  { cluster, writer, intent, sample, observation, signal }: RecordingSession,
  shell: Shell,
  sources: readonly PodDescription[],
  destinations: readonly PodDescription[],
): Promise<Load> {
  const flows = planLoad(sources, destinations, intent.families, nodePairs(cluster.description, sample));
  writer.event('traffic-planned', { phase: 'window', flows: plannedCanaries(flows) });
  return Load.start(shell, flows, () => writer.now(), { ...(observation?.watch === undefined ? {} : WATCH_LOAD), signal });
}

function nameOf({ namespace, name }: PodDescription): string {
  return `${namespace}/${name}`;
}
