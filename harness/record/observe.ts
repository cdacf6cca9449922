import { collectSnapshot } from './collect.ts';
import { openSession, type ScenarioOptions } from './session.ts';

/** Only reads the state, twice: without captures and traffic, so nothing is known about the wire. */
export async function recordObserved(options: ScenarioOptions): Promise<void> {
  using session = openSession(options);
  for (const snapshot of ['before', 'after'] as const) {
    session.progress(`reading the state ${snapshot}`);
    await collectSnapshot(session, snapshot);
  }
}
