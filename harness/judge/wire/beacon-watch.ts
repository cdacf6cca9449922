import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureRecord } from '../../model/recording.ts';

const PREFIX = Buffer.from('wirewitness-beacon:', 'latin1');
/** Largest payload of a beacon, bytes. */
const MAX_BEACON = 256;

/** Frames of driven flows on one side of the beacons; `first` is the number of the first of them, 0 for none. */
export interface UncoveredFrames {
  frames: number;
  first: number;
}

/** The beacons of one capture, and their places among its frames. Frame numbers begin with 1. */
export interface BeaconOrder {
  readonly start: number;
  readonly end: number;
  /** Beacons of other captures. */
  readonly other: number;
  readonly firstStart: number | null;
  readonly lastEnd: number | null;
  /** Unix milliseconds of the capture's clock at the first beacon of the start. */
  readonly startMs: number | null;
  /** Number of the last beacon of each token, also of other captures. */
  readonly lastOf: ReadonlyMap<string, number>;
  /** Frames of driven flows that are not between the beacons. */
  readonly outside: { readonly before: Readonly<UncoveredFrames>; readonly after: Readonly<UncoveredFrames> };
}

/** Counts beacons, notes their order, and removes them from the frames: they are clear on purpose and belong to no flow. */
export class BeaconWatch implements BeaconOrder {
  start = 0;
  end = 0;
  other = 0;
  firstStart: number | null = null;
  lastEnd: number | null = null;
  startMs: number | null = null;
  readonly lastOf = new Map<string, number>();
  readonly outside = { before: { frames: 0, first: 0 }, after: { frames: 0, first: 0 } };
  readonly #record: CaptureRecord;
  readonly #known: ReadonlySet<string>;

  /** @param known tokens of every capture of the recording: a beacon may pass the captures of others on its way */
  constructor(record: CaptureRecord, known: ReadonlySet<string>) {
    this.#record = record;
    this.#known = known;
  }

  /** True between the first beacon of the start and the first of the end: it is proven that the capture worked then. */
  get covering(): boolean {
    return this.firstStart !== null && this.lastEnd === null;
  }

  /** True when the frame is a beacon of this recording. A payload that only looks like a beacon is not one. */
  take(frame: DissectedFrame): boolean {
    if (frame.payloadLength <= PREFIX.length || frame.payloadLength > MAX_BEACON) return false;
    if (frame.buffer[frame.start + frame.payloadOffset] !== PREFIX[0] || frame.protocol !== 'udp') return false;
    const payload = Buffer.from(frame.payload.buffer, frame.payload.byteOffset, frame.payload.byteLength);
    if (!payload.subarray(0, PREFIX.length).equals(PREFIX)) return false;
    const token = payload.subarray(PREFIX.length).toString('latin1').trimEnd();
    if (!this.#known.has(token)) return false;
    this.lastOf.set(token, frame.number);
    if (token === this.#record.beacons.start) {
      this.start++;
      this.firstStart ??= frame.number;
      this.startMs ??= frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    } else if (token === this.#record.beacons.end) {
      this.end++;
      this.lastEnd = frame.number;
      this.outside.after = { frames: 0, first: 0 };
    } else this.other++;
    return true;
  }

  /** Note a frame that certainly belongs to a driven flow, because it carries the flow's canary. */
  driven(frame: DissectedFrame): void {
    const side = this.firstStart === null ? this.outside.before : this.lastEnd === null ? null : this.outside.after;
    if (side === null) return;
    if (side.frames === 0) side.first = frame.number;
    side.frames++;
  }

  /** The order alone. */
  order(): BeaconOrder {
    const { start, end, other, firstStart, lastEnd, startMs, lastOf, outside } = this;
    return { start, end, other, firstStart, lastEnd, startMs, lastOf, outside };
  }
}
