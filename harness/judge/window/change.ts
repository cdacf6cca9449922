import { type Instant, instantSchema, type JournalEvent, type TrafficRecord } from '../../model/recording.ts';
import type { ScenarioName } from '../../model/scenario.ts';
import type { Facts } from '../facts.ts';
import { liesInside, type Stretch } from '../stretch.ts';

/** Journal lines that begin and end the change of a scenario. */
export const CHANGES: Readonly<Partial<Record<ScenarioName, { readonly begin: string; readonly end: string }>>> = {
  rotation: { begin: 'rotation-started', end: 'rotation-ended' },
  'agent-start': { begin: 'agent-starting', end: 'agent-started' },
  'agent-restart': { begin: 'agent-restart', end: 'agent-restarted' },
  'pod-churn': { begin: 'pod-adding', end: 'pod-deleted' },
  'pod-delete': { begin: 'pod-deleting', end: 'pod-deleted' },
  'node-join': { begin: 'node-joining', end: 'node-joined' },
  'node-leave': { begin: 'node-leaving', end: 'node-left' },
  'node-restart': { begin: 'node-restarting', end: 'node-restarted' },
  disable: { begin: 'disabling', end: 'disabled' },
  upgrade: { begin: 'upgrading', end: 'upgraded' },
};

/**
 * The changes that a recording is about: that of its scenario or, with the scenario observe, those that were observed. Another key id at
 * the end shows a rotation even if the journal does not.
 */
export function changesIn({ manifest, window, state }: Facts): ReadonlySet<ScenarioName> {
  const { scenario } = manifest.run;
  if (scenario !== 'observe') return new Set([scenario]);
  const begun = new Set(window.events.map(({ event }) => event));
  const seen = (Object.keys(CHANGES) as ScenarioName[]).filter((change) => begun.has(CHANGES[change]?.begin ?? ''));
  const ids = (['before', 'end'] as const).map((snapshot) => {
    const nodes = state.api.find((api) => api.snapshot === snapshot)?.nodeObjects;
    return nodes?.ok === true ? [...new Set(nodes.value.map(({ encryptionKey }) => encryptionKey))].sort().join() : null;
  });
  const rotated = ids.every((id) => id !== null) && ids[0] !== ids[1];
  return new Set(rotated ? [...seen, 'rotation'] : seen);
}

/**
 * When a change was made, from its first step to its last; null if the journal does not say. An observed change began after the previous
 * reading (`notBefore`).
 */
export function changeOf(facts: Facts, change: ScenarioName): Stretch | null {
  const lines = CHANGES[change];
  const begin = facts.window.events.find(({ event }) => event === lines?.begin);
  const to = facts.window.events.findLast(({ event }) => event === lines?.end)?.at;
  if (begin === undefined || to === undefined) return null;
  if (begin.detail.notBefore === undefined) return { from: begin.at, to };
  const looked = instantSchema.safeParse(begin.detail.notBefore);
  return looked.success && looked.data.monotonicMs <= begin.at.monotonicMs ? { from: looked.data, to } : null;
}

/** Whether a change had begun and was not complete when a person ended the observation. */
export function endedTooEarly(facts: Facts, change: ScenarioName): boolean {
  return observationEnd(facts).some(({ detail }) => detail.early === true && namesChange(detail.unfinished, change));
}

function observationEnd({ window }: Facts): readonly JournalEvent[] {
  return window.events.filter(({ event }) => event === 'observation-ended');
}

function namesChange(unfinished: unknown, change: ScenarioName): boolean {
  return Array.isArray(unfinished) && unfinished.includes(change);
}

/**
 * Why nothing can be said about the time from before the change until after it: the journal does not say when it was, it is not inside the
 * window, or a load did not run all the time. Frames that the captures missed are gaps of the captures.
 */
export function changeGaps(facts: Facts, name: ScenarioName): readonly string[] {
  const lines = CHANGES[name];
  if (lines === undefined) return [];
  if (observationEnd(facts).some(({ detail }) => namesChange(detail.unfinished, name)))
    return [`the change (${name}) was not over when the observation ended`];
  const change = changeOf(facts, name);
  if (change === null) return [`the journal does not say when the change began and ended (${lines.begin}, ${lines.end})`];
  const [from, to] = ['window-started', 'window-ended'].map((name) => momentsOf(facts.window.events, name));
  const gaps: string[] = [];
  if (from === undefined || to === undefined || !liesInside({ from, to }, change))
    gaps.push(`the change, from ${change.from.utc} to ${change.to.utc}, is not inside the window of the journal`);
  const partial = steadyLoads(facts).filter((load) => !liesInside({ from: load.startedAt, to: load.endedAt }, change));
  const [first] = partial;
  if (first !== undefined)
    gaps.push(
      `${partial.length} load(s) did not run during the whole change from ${change.from.utc} to ${change.to.utc}, the first ${first.id} from ${first.startedAt.utc} to ${first.endedAt.utc}`,
    );
  return gaps;
}

/** Loads between pods that existed all the time: the load of a pod that is added and deleted in the window covers only its own life. */
function steadyLoads({ manifest, window }: Facts): readonly TrafficRecord[] {
  const churned = new Set(window.events.flatMap(({ event, detail }) => (event === 'pod-adding' ? [detail.pod] : [])));
  return manifest.traffic.filter(
    (t) => t.phase === 'window' && t.sent > 0 && !churned.has(t.source.name) && !churned.has(t.destination.name),
  );
}

function momentsOf(events: readonly JournalEvent[], name: string): Instant | undefined {
  return events.find(({ event }) => event === name)?.at;
}
