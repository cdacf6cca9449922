import type { RecordingManifest } from '../model/recording.ts';
import type { Profile } from '../stacks/profile.ts';
import type { EvidenceFacts } from './evidence/evidence-facts.ts';
import type { StateFacts } from './state/state-facts.ts';
import type { WindowFacts } from './window/window-facts.ts';
import type { WireFacts } from './wire/wire-facts.ts';

/** Everything a check may read. Derived from one recording only. */
export interface Facts {
  readonly manifest: RecordingManifest;
  /** Null when no profile is known for the intent: checks that need one are then inconclusive. */
  readonly profile: Profile | null;
  /** What the nodes' kernels and agents said: decoded command outputs. */
  readonly state: StateFacts;
  /** What the captures showed: ledgers, canaries, flow matrix. */
  readonly wire: WireFacts;
  /** What the journal says, and what was sampled while a scenario's window lasted. */
  readonly window: WindowFacts;
  /** What a search of the recording's own files found. */
  readonly evidence: EvidenceFacts;
}
