import type { EvidenceFacts } from '../../judge/evidence/evidence-facts.ts';
import { readState } from '../../judge/state/state-facts.ts';
import { readSentinel } from '../../judge/window/sentinel.ts';
import { captureContext } from '../../judge/wire/capture-context.ts';
import { readCaptureFacts } from '../../judge/wire/read-capture.ts';
import { openRecording } from '../../record/open-recording.ts';
import { profileOf } from '../../stacks/stack-of.ts';

/** Secrets are searched for at the end, in the whole recording. */
const NOT_SEARCHED: EvidenceFacts = {
  files: 0,
  bytes: 0,
  secrets: [],
  gaps: ['not searched yet'],
  control: { planted: 0, missed: [] },
  knownWindows: null,
};

/** What the parts of a watch show that were not judged before. */
export interface PartsReading {
  /** Readable frames that must be encrypted. */
  readonly clearFrames: number;
  /** What could not be read or is damaged. */
  readonly gaps: number;
}

/**
 * Judges the sentinel captures of a recording that is still being made, each once, with the same code as the whole recording at the end. The
 * flows of the load are known only then: until then a leak of theirs is one of undriven traffic.
 */
export class PartsJudge {
  readonly #folder: string;
  readonly #judged = new Set<string>();

  /** @param folder the recording */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @throws RecordingError for a recording that cannot be read */
  async next(): Promise<PartsReading> {
    const recording = await openRecording(this.#folder);
    const { manifest } = recording;
    const fresh = manifest.captures.filter(({ part, file }) => part !== undefined && !this.#judged.has(file));
    if (fresh.length === 0) return { clearFrames: 0, gaps: 0 };
    const [profile, state, events] = [profileOf(manifest.intent), await readState(recording), await recording.events()];
    const context = captureContext(manifest, { profile, state, events });
    const captures = [];
    for (const record of fresh) captures.push(await readCaptureFacts(recording, record, context));
    for (const { file } of fresh) this.#judged.add(file);
    const none = { taken: [], gaps: [] };
    const { leaks } = readSentinel({
      ...{ manifest, profile, state, wire: { captures, flows: [] } },
      window: { events, states: none, nodeObjects: none, handshakes: none, certificates: none },
      evidence: NOT_SEARCHED,
    });
    return {
      clearFrames: leaks.reduce((n, { frames }) => n + frames, 0),
      gaps: captures.reduce((n, { gaps }) => n + gaps.length, 0),
    };
  }
}
