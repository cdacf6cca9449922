import type { CaptureRecord, Recording, RecordingManifest } from '../../model/recording.ts';
import type { FlowVerdict } from '../../model/report.ts';
import type { Profile } from '../../stacks/profile.ts';
import type { StateFacts } from '../state/state-facts.ts';
import { type CaptureContext, captureContext } from './capture-context.ts';
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

/** Reads captures of a recording, in the order of the records. */
export type CaptureReader = (
  recording: Recording,
  records: readonly CaptureRecord[],
  context: CaptureContext,
) => Promise<readonly CaptureFacts[]>;

/**
 * Read every capture of a recording once and account for it.
 *
 * A file that is no capture does not throw: its entry has `ledger: null` and says why, so that checks fail closed.
 */
export async function readWire(
  recording: Recording,
  profile: Profile | null,
  state: StateFacts | null,
  readCaptures: CaptureReader,
): Promise<WireFacts> {
  const context = captureContext(recording.manifest, { profile, state, events: await recording.events() });
  const captures = await readCaptures(recording, onceEach(recording.manifest), context);
  return { captures, flows: flowVerdicts(recording.manifest, profile, captures, state) };
}

/** One capture after the other. */
export const readCapturesInTurn: CaptureReader = async (recording, records, context) => {
  const captures: CaptureFacts[] = [];
  for (const record of records) captures.push(await readCaptureFacts(recording, record, context));
  return captures;
};

/** A capture that two records name, or that is stored twice, was made once, and its frames count once. */
function onceEach({ captures, files }: RecordingManifest): readonly CaptureRecord[] {
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const seen = new Set<string>();
  return captures.filter((record) => {
    const key = `${captureName(record)} ${record.kind} ${digests.get(record.file) ?? record.file}`;
    return !seen.has(key) && seen.add(key);
  });
}
