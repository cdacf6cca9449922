import type { Instant, JournalEvent, TrafficRecord } from '../../model/recording.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import type { Facts } from '../facts.ts';
import { covers, type Stretch } from '../stretch.ts';

/** Journal lines by which the change of a scenario begins and ends. */
export const CHANGES: Readonly<Partial<Record<ScenarioName, { readonly begin: string; readonly end: string }>>> = {
  rotation: { begin: 'rotation-started', end: 'rotation-ended' },
  'agent-restart': { begin: 'agent-restart', end: 'agent-restarted' },
  'pod-churn': { begin: 'pod-adding', end: 'pod-deleted' },
  'node-join': { begin: 'node-joining', end: 'node-joined' },
  'node-leave': { begin: 'node-leaving', end: 'node-left' },
  disable: { begin: 'disabling', end: 'disabled' },
  upgrade: { begin: 'upgrading', end: 'upgraded' },
};

/** When the change of the scenario was made, from its first step to its last; null where the journal does not say. */
export function changeOf(facts: Facts): Stretch | null {
  const lines = CHANGES[facts.manifest.run.scenario];
  const from = facts.window.events.find(({ event }) => event === lines?.begin)?.at;
  const to = facts.window.events.findLast(({ event }) => event === lines?.end)?.at;
  return from === undefined || to === undefined ? null : { from, to };
}

/**
 * Why nothing can be said of the time from before the change until after it: the journal does not tell when it was, it does not lie in the
 * window, or a load did not go on all the time. What the captures missed is a gap of theirs.
 */
export function changeGaps(facts: Facts): readonly string[] {
  const { scenario } = facts.manifest.run;
  const lines = CHANGES[scenario];
  if (lines === undefined) return [];
  const change = changeOf(facts);
  if (change === null) return [`the journal does not say when the change began and ended (${lines.begin}, ${lines.end})`];
  const [from, to] = ['window-started', 'window-ended'].map((name) => momentsOf(facts.window.events, name));
  const gaps: string[] = [];
  if (from === undefined || to === undefined || !covers({ from, to }, change))
    gaps.push(`the change, from ${change.from.utc} to ${change.to.utc}, is not inside the window that the journal tells`);
  const partial = steadyLoads(facts).filter((load) => !covers({ from: load.startedAt, to: load.endedAt }, change));
  const [first] = partial;
  if (first !== undefined)
    gaps.push(
      `${partial.length} load(s) did not go on through the change from ${change.from.utc} to ${change.to.utc}, the first ${first.id} from ${first.startedAt.utc} to ${first.endedAt.utc}`,
    );
  return gaps;
}

/** Loads between pods that were there all the time: what a pod sends that comes and goes within the window covers its own life. */
function steadyLoads({ manifest, window }: Facts): readonly TrafficRecord[] {
  const churned = new Set(window.events.flatMap(({ event, detail }) => (event === 'pod-adding' ? [detail.pod] : [])));
  return manifest.traffic.filter(
    (t) => t.phase === 'window' && t.sent > 0 && !churned.has(t.source.name) && !churned.has(t.destination.name),
  );
}

function momentsOf(events: readonly JournalEvent[], name: string): Instant | undefined {
  return events.find(({ event }) => event === name)?.at;
}
