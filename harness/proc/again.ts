import { setTimeout as pause } from 'node:timers/promises';
import { LostConnectionError } from './errors.ts';

/** Tries in all, and the pause before the next one. */
const TRIES = 3;
const PAUSE_MS = 1000;

/**
 * Do what may be done twice, again when the connection was lost: a reading, or a signal. What a command changed before its connection
 * went is unknown, so nothing else is repeated.
 * @throws what the last try threw; at once what is no lost connection
 */
export async function again<Value>(attempt: () => Promise<Value>, signal?: AbortSignal, pauseMs = PAUSE_MS): Promise<Value> {
  for (let left = TRIES - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !(error instanceof LostConnectionError)) throw error;
      await pause(pauseMs, undefined, signal === undefined ? {} : { signal });
    }
  }
}
