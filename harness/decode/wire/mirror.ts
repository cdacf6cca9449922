import type { FrameVisitor, RawFrame } from './record.ts';

/** Frames that are kept until it is known whether the capture shows each one twice. */
const HELD = 256;
/** Most bytes that are kept. */
const HELD_BYTES = 16 * 1024 * 1024;
/** A frame's second copy comes within this number of frames. */
const REACH = 64;
/** Share of the first frames that must have a copy. The start or end of a capture may separate a pair. */
const SHARE = 0.9;

/**
 * Leaves out the second copy of each frame where a capture shows every frame twice, as a mirror port does that copies both what enters and
 * what leaves a switch. Decided from the first frames; a capture in which only some frames repeat is passed on unchanged, because those are
 * replays.
 */
export class MirrorFilter {
  /** Copies that were left out. */
  copies = 0;
  readonly #visit: FrameVisitor;
  #held: RawFrame[] | null = [];
  #heldBytes = 0;
  #mirrored = false;
  readonly #recent = new Map<string, number>();
  #count = 0;

  constructor(visit: FrameVisitor) {
    this.#visit = visit;
  }

  readonly add = (raw: RawFrame): void => {
    if (this.#held === null) {
      this.#pass(raw);
      return;
    }
    this.#held.push({ ...raw, buffer: raw.buffer.slice(raw.start, raw.start + raw.caplen), start: 0 });
    this.#heldBytes += raw.caplen;
    if (this.#held.length >= HELD || this.#heldBytes >= HELD_BYTES) this.end();
  };

  /** The capture has ended: pass on the kept frames. */
  end(): void {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    this.#mirrored = held.length > 2 && 2 * held.filter((raw) => this.#isCopy(raw)).length >= SHARE * held.length;
    this.#recent.clear();
    for (const raw of held) this.#pass(raw);
  }

  #pass(raw: RawFrame): void {
    if (this.#mirrored && this.#isCopy(raw)) this.copies++;
    else this.#visit(raw);
  }

  /** The same bytes came shortly before, and that frame has no copy yet. */
  #isCopy({ buffer, start, caplen, len }: RawFrame): boolean {
    const key = `${len} ${Buffer.from(buffer.buffer, buffer.byteOffset + start, caplen).toString('latin1')}`;
    const before = this.#recent.get(key);
    this.#count++;
    if (before !== undefined && this.#count - before <= REACH) {
      this.#recent.delete(key);
      return true;
    }
    this.#recent.set(key, this.#count);
    if (this.#recent.size > 2 * REACH) for (const [old, at] of this.#recent) if (this.#count - at > REACH) this.#recent.delete(old);
    return false;
  }
}
