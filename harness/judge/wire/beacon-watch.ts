import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureRecord } from '../../model/recording.ts';

const PREFIX = Buffer.from('wirewitness-beacon:', 'latin1');
/** Largest beacon that is looked at, bytes of payload. */
const MAX_BEACON = 256;

/** Counts beacons and sets them aside: they are clear on purpose and belong to no flow. */
export class BeaconWatch {
  readonly seen = { start: 0, end: 0, other: 0 };
  readonly #record: CaptureRecord;
  readonly #known: ReadonlySet<string>;

  /** @param known tokens of every capture of the recording: a beacon may pass the captures of others on its way */
  constructor(record: CaptureRecord, known: ReadonlySet<string>) {
    this.#record = record;
    this.#known = known;
  }

  /** True when the frame is a beacon of this recording. A payload that only looks like one is no beacon. */
  take(frame: DissectedFrame): boolean {
    if (frame.protocol !== 'udp' || frame.payloadLength <= PREFIX.length || frame.payloadLength > MAX_BEACON) return false;
    const payload = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
    if (!payload.subarray(0, PREFIX.length).equals(PREFIX)) return false;
    const token = payload.subarray(PREFIX.length).toString('latin1').trimEnd();
    if (!this.#known.has(token)) return false;
    if (token === this.#record.beacons.start) this.seen.start++;
    else if (token === this.#record.beacons.end) this.seen.end++;
    else this.seen.other++;
    return true;
  }
}
