import type { JournalEvent } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';
import { CHANGES } from './change.ts';

/** Unix milliseconds of a journal line. */
export function momentOf(event: JournalEvent): number {
  return Date.parse(event.at.utc);
}

/** Journal lines of these names, in order. */
export function eventsOf(facts: Facts, ...names: readonly string[]): readonly JournalEvent[] {
  return facts.window.events.filter(({ event }) => names.includes(event));
}

/** When the first line of that name was written; null when there is none. */
export function firstMoment(facts: Facts, name: string): number | null {
  const [first] = eventsOf(facts, name);
  return first === undefined ? null : momentOf(first);
}

/** When the last line of that name was written; null when there is none. */
export function lastMoment(facts: Facts, name: string): number | null {
  const last = eventsOf(facts, name).at(-1);
  return last === undefined ? null : momentOf(last);
}

/** Lines of the journal about a change, or about a fault of the lab. */
const CHANGE_LINES: ReadonlySet<string> = new Set([
  ...Object.values(CHANGES).flatMap(({ begin, end }) => [begin, end]),
  ...['rotation-step', 'pod-added', 'node-off', 'fault-opening', 'fault-opened', 'fault-closed'],
]);

/** The last change in the journal before a moment, which can explain what was seen then; null if there is none. */
export function changeBefore(facts: Facts, ms: number): JournalEvent | null {
  return facts.window.events.findLast((line) => CHANGE_LINES.has(line.event) && momentOf(line) <= ms) ?? null;
}

/** `12.345 s`, counted from the start of the window, or of the run if it has no window. */
export function since(facts: Facts, ms: number): string {
  const start = firstMoment(facts, 'window-started') ?? Date.parse(facts.manifest.run.startedAt.utc);
  return `${((ms - start) / 1000).toFixed(3)} s`;
}
