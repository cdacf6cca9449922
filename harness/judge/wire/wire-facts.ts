import type { Recording } from '../../model/recording.ts';
import type { FlowVerdict } from '../../model/report.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { StateFacts } from '../state/state-facts.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { flowMatrix } from './flow-matrix.ts';
import { readCapture } from './read-capture.ts';

/** What the captures of one recording showed. */
export interface WireFacts {
  /** One entry for each capture of the manifest, in its order. */
  readonly captures: readonly CaptureFacts[];
  /** The flow matrix of the judged phase, in the manifest's order. */
  readonly flows: readonly FlowVerdict[];
}

/**
 * Read every capture of a recording once and account for it.
 *
 * A file that is no capture does not throw: its entry has `ledger: null` and says why, so that checks fail closed.
 */
export async function readWire(recording: Recording, profile: Profile | null, state: StateFacts | null): Promise<WireFacts> {
  const captures: CaptureFacts[] = [];
  for (const record of recording.manifest.captures) captures.push(await readCapture(recording, record, { profile, state }));
  return { captures, flows: flowMatrix(recording.manifest, profile, captures) };
}
