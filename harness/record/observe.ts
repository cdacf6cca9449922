import { collectSnapshot } from './collect.ts';
import { openSession, type ScenarioOptions } from './session.ts';

/** Only reads, twice: nothing is captured and nothing is driven, so nothing of the wire is shown. */
export async function recordObserved(options: ScenarioOptions): Promise<void> {
  using session = openSession(options);
  for (const snapshot of ['before', 'after'] as const) {
    session.progress(`reading the state ${snapshot}`);
    await collectSnapshot(session, snapshot);
  }
}
