/** Segment borders that are remembered at once; beyond it the oldest is forgotten. */
export const MAX_BORDERS = 8192;

/**
 * Joins the borders of consecutive TCP segments, in whatever order they come: the last bytes of a payload are kept under the
 * sequence number that follows, the first bytes under the one they start with.
 */
export class SegmentBorders {
  readonly #keep: number;
  readonly #tails = new Map<number, Uint8Array>();
  readonly #heads = new Map<number, Uint8Array>();

  /** @param keep bytes of each side: one less than the longest thing looked for. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  /**
   * Note a payload; `examine` gets each joint, with the place of the border in it.
   * @param direction its number among {@link Directions}
   */
  join(direction: number, sequence: number, payload: Uint8Array, examine: (joint: Uint8Array, border: number) => void): void {
    if (payload.length === 0) return;
    const before = direction * 2 ** 32 + sequence;
    const after = direction * 2 ** 32 + ((sequence + payload.length) >>> 0);
    const head = payload.subarray(0, this.#keep);
    let tail: Uint8Array = payload.subarray(Math.max(0, payload.length - this.#keep));
    const earlier = this.#tails.get(before);
    if (earlier) {
      examine(Buffer.concat([earlier, head]), earlier.length);
      // Segments smaller than the searched text: continue across several of them.
      if (payload.length < this.#keep) tail = Buffer.concat([earlier, payload]).subarray(-this.#keep);
    }
    const later = this.#heads.get(after);
    if (later) examine(Buffer.concat([tail, later]), tail.length);
    store(this.#tails, after, tail.slice());
    store(this.#heads, before, head.slice());
  }
}

function store(map: Map<number, Uint8Array>, key: number, bytes: Uint8Array): void {
  map.delete(key);
  if (map.size >= MAX_BORDERS) {
    for (const oldest of map.keys()) {
      map.delete(oldest);
      break;
    }
  }
  map.set(key, bytes);
}
