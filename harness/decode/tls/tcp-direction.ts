/** Bytes before the next expected one that are kept, so that a retransmission can be compared: more than most senders have on the way. */
const KEPT = 131_072;
/** Most bytes that wait for an earlier segment. */
const MAX_WAITING = 262_144;

/** What a segment is: bytes that come next, bytes that were there before, or neither. */
export type Arrival<T> =
  | { readonly kind: 'next'; readonly pieces: readonly { readonly bytes: Uint8Array; readonly token: T }[] }
  | { readonly kind: 'again' }
  | { readonly kind: 'waiting' }
  /** It begins before the first byte that was seen. */
  | { readonly kind: 'earlier' }
  | { readonly kind: 'invalid'; readonly why: string };

/** Brings the segments of one direction of a TCP connection into order, with a bound. */
export class TcpDirection<T> {
  #next: number | null = null;
  /** Bytes since the first one. */
  #taken = 0;
  /** The last bytes, oldest first. */
  #recent: Uint8Array[] = [];
  #recentBytes = 0;
  #waiting: { readonly sequence: number; readonly bytes: Uint8Array; readonly token: T }[] = [];
  #waitingBytes = 0;

  /** The sequence number of the first byte, as the first segment of the direction shows it. */
  start(sequence: number): void {
    this.#next ??= sequence;
  }

  /** Tokens of segments that still wait for an earlier one; they wait no longer. */
  takeWaiting(): readonly T[] {
    const left = this.#waiting.map(({ token }) => token);
    this.#waiting = [];
    return left;
  }

  arrive(sequence: number, payload: Uint8Array, token: T): Arrival<T> {
    const ahead = (sequence - this.#next!) | 0;
    if (ahead > 0) return this.#wait(sequence, payload, token);
    if (-ahead > this.#taken) return { kind: 'earlier' };
    const known = Math.min(-ahead, payload.length);
    if (known > 0 && !this.#isRepeated(known, -ahead, payload))
      return { kind: 'invalid', why: 'a retransmission with other content than before, or of bytes that are no longer known' };
    if (known === payload.length) return { kind: 'again' };
    const pieces = [this.#advance(payload.subarray(known), token)];
    for (let ready = this.#takeReady(); ready !== undefined; ready = this.#takeReady()) {
      const old = (this.#next! - ready.sequence) | 0;
      if (old > 0 && !this.#isRepeated(Math.min(old, ready.bytes.length), old, ready.bytes))
        return { kind: 'invalid', why: 'two segments that overlap with different content' };
      pieces.push(this.#advance(ready.bytes.subarray(Math.min(old, ready.bytes.length)), ready.token));
    }
    return { kind: 'next', pieces };
  }

  #advance(bytes: Uint8Array, token: T): { bytes: Uint8Array; token: T } {
    this.#next = (this.#next! + bytes.length) >>> 0;
    this.#taken += bytes.length;
    this.#recent.push(bytes.slice());
    this.#recentBytes += bytes.length;
    while (this.#recentBytes - this.#recent[0]!.length >= KEPT) this.#recentBytes -= this.#recent.shift()!.length;
    return { bytes, token };
  }

  /** Whether the first `known` bytes, which begin `back` bytes before the next expected one, are those that came before. */
  #isRepeated(known: number, back: number, payload: Uint8Array): boolean {
    // From the end, because what is sent again is mostly what was sent last.
    let index = this.#recent.length;
    let left = back;
    while (left > 0 && index > 0) left -= this.#recent[--index]!.length;
    if (left > 0) return false;
    let from = -left;
    for (let done = 0; done < known; index++) {
      const part = this.#recent[index]!.subarray(from, from + known - done);
      if (Buffer.compare(part, payload.subarray(done, done + part.length)) !== 0) return false;
      done += part.length;
      from = 0;
    }
    return true;
  }

  #wait(sequence: number, payload: Uint8Array, token: T): Arrival<T> {
    if (this.#waitingBytes + payload.length > MAX_WAITING)
      return { kind: 'invalid', why: 'more bytes wait for a missing segment than are kept' };
    this.#waiting.push({ sequence, bytes: payload.slice(), token });
    this.#waitingBytes += payload.length;
    return { kind: 'waiting' };
  }

  #takeReady(): { readonly sequence: number; readonly bytes: Uint8Array; readonly token: T } | undefined {
    const index = this.#waiting.findIndex(({ sequence }) => ((sequence - this.#next!) | 0) <= 0);
    if (index < 0) return undefined;
    const [ready] = this.#waiting.splice(index, 1);
    this.#waitingBytes -= ready!.bytes.length;
    return ready;
  }
}
