import { setTimeout as pause } from 'node:timers/promises';
import { LostConnectionError } from './errors.ts';

/** Number of attempts, and the pause between them. */
const TRIES = 3;
const PAUSE_MS = 1000;

/**
 * Repeat an operation when the connection was lost, if it may be done twice: a reading, or a signal. What any other command changed before
 * its connection was lost is unknown, so it is not repeated.
 * @throws the error of the last attempt; any error but a lost connection at once
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
