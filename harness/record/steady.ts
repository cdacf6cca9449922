import { collectSnapshot } from './collect.ts';
import { drivePhase } from './drive-phase.ts';
import { tryInbound } from './inbound/try-inbound.ts';
import { proveInMemory } from './proofs/prove.ts';
import { openSession, type RecordingSession, type ScenarioOptions } from './session.ts';

export type { ScenarioOptions } from './session.ts';
export type { FlowChoice } from './traffic/plan-flows.ts';

/**
 * Scenario `steady`: an un-encrypted phase in which the same captures must show each canary, then encryption is turned on, the state is
 * read, all flows are driven under full captures, and the state is read again. At the end a readable packet is sent in from outside, where
 * there is a client outside. Nothing is judged here.
 */
export async function recordSteady(options: ScenarioOptions): Promise<void> {
  using session = openSession(options);
  await recordClear(session);
  await recordJudged(session);
  await tryInbound(session);
}

/** The un-encrypted phase and the change to encryption; nothing if encryption cannot be turned on. */
export async function recordClear(session: RecordingSession): Promise<void> {
  const { writer, progress, enable } = session;
  if (enable === undefined) return;
  await drivePhase(session, 'clear');
  progress('turning encryption on');
  writer.event('encryption-enabling', {});
  await enable();
  writer.event('encryption-enabled', {});
}

/** The judged phase between two readings of the state, and what can be proven of it in memory. */
export async function recordJudged(session: RecordingSession): Promise<void> {
  const { writer, cluster, progress, duringTraffic } = session;
  progress('reading the state before');
  await collectSnapshot(session, 'before');
  await drivePhase(session, 'encrypted', duringTraffic);
  progress('reading the state after');
  await collectSnapshot(session, 'after');
  await proveInMemory(writer, session.vault, cluster.description);
}
