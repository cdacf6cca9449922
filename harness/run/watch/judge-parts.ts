import type { EvidenceFacts } from '../../judge/evidence/evidence-facts.ts';
import type { Facts } from '../../judge/facts.ts';
import { readState } from '../../judge/state/state-facts.ts';
import { readSentinel } from '../../judge/window/sentinel.ts';
import { type CaptureContext, captureContext } from '../../judge/wire/capture-context.ts';
import type { CaptureFacts } from '../../judge/wire/capture-facts.ts';
import { readCaptureFacts } from '../../judge/wire/read-capture.ts';
import type { CaptureRecord, JournalEvent, Recording } from '../../model/recording.ts';
import type { GrowingCapture } from '../../record/capture.ts';
import { openRecording } from '../../record/open-recording.ts';
import { profileOf } from '../../stacks/stack-of.ts';
import { fileChunks } from '../ledger/file-chunks.ts';

/** Secrets are searched for at the end, in the whole recording. */
const NOT_SEARCHED: EvidenceFacts = {
  files: 0,
  bytes: 0,
  secrets: [],
  gaps: ['not searched yet'],
  control: { planted: 0, missed: [] },
  knownWindows: null,
};

/** What the sentinel captures of a watch show until now. */
export interface PartsReading {
  /** Readable frames that must be encrypted. */
  readonly clearFrames: number;
  /** What could not be read or is damaged. */
  readonly gaps: number;
}

/**
 * Judges the sentinel captures of a recording that is still being made, with the same code as the whole recording at the end: each once when it
 * has ended, and before that what it has kept until now. The flows of the load are known only at the end: until then a leak of theirs is one of
 * undriven traffic.
 */
export class PartsJudge {
  readonly #folder: string;
  readonly #judged = new Set<string>();
  #ended: PartsReading = { clearFrames: 0, gaps: 0 };
  /** Captures that go on, by their file. */
  readonly #growing = new Map<string, { readonly capture: GrowingCapture; clearFrames: number }>();
  #opened: Opened | null = null;

  /** @param folder the recording */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get reading(): PartsReading {
    const growing = this.#growing.values().reduce((n, { clearFrames }) => n + clearFrames, 0);
    return { ...this.#ended, clearFrames: this.#ended.clearFrames + growing };
  }

  /** Judge the captures that have ended. @throws RecordingError for a recording that cannot be read */
  async next(): Promise<void> {
    const opened = await this.#open();
    const fresh = opened.recording.manifest.captures.filter(({ part, file }) => part !== undefined && !this.#judged.has(file));
    if (fresh.length === 0) return;
    const { clearFrames, gaps } = await judge(opened, fresh);
    for (const { file } of fresh) {
      this.#judged.add(file);
      this.#growing.delete(file);
    }
    this.#ended = { clearFrames: this.#ended.clearFrames + clearFrames, gaps: this.#ended.gaps + gaps };
  }

  /**
   * Judge what captures that go on have kept until now. Only readable frames count: what a capture lacks is known at its end.
   * @throws RecordingError for a recording that cannot be read
   */
  async look(growing: readonly GrowingCapture[]): Promise<void> {
    const opened = this.#opened ?? (await this.#open());
    const fresh = growing.filter(({ record }) => !this.#judged.has(record.file));
    for (const capture of fresh)
      this.#growing.set(capture.record.file, { capture, clearFrames: this.#growing.get(capture.record.file)?.clearFrames ?? 0 });
    const records = [...this.#growing.values()].map(({ capture }) => capture.record);
    // Their beacons are no readable frames.
    const manifest = { ...opened.recording.manifest, captures: [...opened.recording.manifest.captures, ...records] };
    for (const capture of fresh) {
      const recording = { ...opened.recording, manifest, bytes: () => fileChunks(capture.copy) };
      const { clearFrames } = await judge({ ...opened, recording }, [capture.record]);
      this.#growing.set(capture.record.file, { capture, clearFrames });
    }
  }

  /** Every file is hashed, so this is done when a capture has ended and not at every look. */
  async #open(): Promise<Opened> {
    const recording = await openRecording(this.#folder);
    const { manifest } = recording;
    const [profile, state, events] = [profileOf(manifest.intent), await readState(recording), await recording.events()];
    this.#opened = { recording, profile, state, events, context: captureContext(manifest, { profile, state, events }) };
    return this.#opened;
  }
}

/** A recording in progress as it was opened last. */
interface Opened extends Pick<Facts, 'profile' | 'state'> {
  readonly recording: Recording;
  readonly events: readonly JournalEvent[];
  readonly context: CaptureContext;
}

async function judge({ recording, profile, state, events, context }: Opened, records: readonly CaptureRecord[]): Promise<PartsReading> {
  const captures: CaptureFacts[] = [];
  for (const record of records) captures.push(await readCaptureFacts(recording, record, context));
  const none = { taken: [], gaps: [] };
  const { leaks } = readSentinel({
    ...{ manifest: recording.manifest, profile, state, wire: { captures, flows: [] } },
    window: { events, states: none, nodeObjects: none, handshakes: none, certificates: none },
    evidence: NOT_SEARCHED,
  });
  return {
    clearFrames: leaks.reduce((n, { frames }) => n + frames, 0),
    gaps: captures.reduce((n, { gaps }) => n + gaps.length, 0),
  };
}
