import type { Class } from './frame-class.ts';

/** A fragment's place in its datagram, and in its frame's buffer. */
export interface Piece {
  /** Bytes of the datagram, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** More fragments follow it. */
  readonly more: boolean;
  /** Digest of its bytes: the same fragment may be seen twice. */
  readonly digest: number;
  /** Where its bytes begin in the frame's buffer. */
  readonly at: number;
}

/** A first fragment that is being dissected: its key and its place in the datagram. */
export interface FirstPiece {
  readonly key: string;
  readonly piece: Piece;
}

/** What a first fragment says about the datagram. */
export interface FirstFragment {
  readonly classCode: Class;
  readonly path: number;
  readonly family: number;
  readonly words: Uint32Array;
  readonly protocol: number;
  readonly sport: number;
  readonly dport: number;
}

/** A datagram in fragments: which of its bytes arrived, and what its first fragment was. */
export class FragmentTrain {
  readonly seconds: number;
  /** Null until the first fragment has been seen. */
  first: FirstFragment | null = null;
  /** Later fragments that came before the first; they are counted again when the first arrives. */
  readonly early = { frames: 0, bytes: 0, flow: -1 };
  heldBytes = 0;
  readonly #pieces: Piece[] = [];
  readonly #bytes = new Map<number, Uint8Array>();
  /** Length of the datagram; -1 until its last fragment has come. */
  #length = -1;
  #covered = 0;
  #joined = false;

  constructor(seconds: number) {
    this.seconds = seconds;
  }

  /** Every byte of the datagram has come. */
  get complete(): boolean {
    return this.#length >= 0 && this.#covered === this.#length;
  }

  /** The same fragment came before. */
  repeats({ start, end, digest }: Piece): boolean {
    return this.#pieces.some((p) => p.start === start && p.end === end && p.digest === digest);
  }

  /**
   * Add a fragment. False when it cannot belong to this datagram: it overlaps earlier fragments with different bytes, or lies after the
   * end.
   */
  takes(piece: Piece): boolean {
    if (this.repeats(piece)) return true;
    const { start, end, more } = piece;
    if (this.#pieces.some((p) => start < p.end && p.start < end)) return false;
    if (this.#length >= 0 && (end > this.#length || !more)) return false;
    if (!more && this.#pieces.some((p) => p.end > end)) return false;
    this.#pieces.push(piece);
    this.#covered += end - start;
    if (!more) this.#length = end;
    return true;
  }

  holds({ start }: Piece): boolean {
    return this.#bytes.has(start);
  }

  hold({ start }: Piece, bytes: Uint8Array): void {
    this.#bytes.set(start, bytes);
    this.heldBytes += bytes.length;
  }

  /** The whole datagram, once, when all its bytes are kept; null before and after. */
  join(): Uint8Array | null {
    if (this.#joined || !this.complete || this.#bytes.size < this.#pieces.length) return null;
    this.#joined = true;
    const whole = new Uint8Array(this.#length);
    for (const [start, bytes] of this.#bytes) whole.set(bytes, start);
    return whole;
  }
}
