import type { CaptureRecord, Recording, RecordingManifest } from '../../model/recording.ts';
import type { FlowVerdict } from '../../model/report.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { StateFacts } from '../state/state-facts.ts';
import { captureContext } from './capture-context.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { flowVerdicts } from './flow-matrix.ts';
import { captureName, readCaptureFacts } from './read-capture.ts';

/** What the captures of one recording showed. */
export interface WireFacts {
  /** One entry for each capture of the manifest, in its order: two records of one capture are one. */
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
  const context = captureContext(recording.manifest, { profile, state, events: await recording.events() });
  for (const record of onceEach(recording.manifest)) captures.push(await readCaptureFacts(recording, record, context));
  return { captures, flows: flowVerdicts(recording.manifest, profile, captures, state) };
}

/** A capture that two records name, or that is stored twice, was made once, and its frames count once. */
function onceEach({ captures, files }: RecordingManifest): readonly CaptureRecord[] {
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const seen = new Set<string>();
  return captures.filter((record) => {
    const key = `${captureName(record)} ${record.kind} ${digests.get(record.file) ?? record.file}`;
    return !seen.has(key) && seen.add(key);
  });
}
