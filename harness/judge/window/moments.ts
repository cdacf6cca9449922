import type { JournalEvent } from '../../model/recording.ts';
import type { Facts } from '../facts.ts';

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

/** `12.345 s`, counted from when the window began, or from the run's start where it has no window. */
export function since(facts: Facts, ms: number): string {
  const start = firstMoment(facts, 'window-started') ?? Date.parse(facts.manifest.run.startedAt.utc);
  return `${((ms - start) / 1000).toFixed(3)} s`;
}
