import { u32 } from '../../decode/wire/bytes.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureFacts } from './capture-facts.ts';

/** Counters that are remembered over all sessions of a capture; later ones are only counted. */
const MAX_REMEMBERED = 2_000_000;
const MAX_NAMED = 100;
/** Data message: type and three zeros, receiver index, counter (little endian), ciphertext; WireGuard paper §5.4.6. */
const COUNTER_AT = 8;
/** A session is refused after 2^64 - 2^13 - 1 messages, §6.1. The high half of the counter shows it. */
const EXHAUSTED_HIGH = 0xffff_ffff;

/** Finds WireGuard data messages that use a counter of their session again: the counter is the AEAD's nonce. Bounded. */
export class CounterHistory {
  readonly repeats: CaptureFacts['wireguardRepeats'][number][] = [];
  /** Messages that came after the bound was reached. */
  uncompared = 0;
  readonly #sessions = new Map<string, Map<number, number>>();
  readonly #limit: number;
  #remembered = 0;

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit;
  }

  note(frame: DissectedFrame): void {
    const { wireguardType, payload, src, dst } = frame;
    if (wireguardType !== 4 || src === null || dst === null || frame.laterFragment || payload.length < 16 + 8) return;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
    const receiver = view.getUint32(4, true);
    const [low, high] = [view.getUint32(COUNTER_AT, true), view.getUint32(COUNTER_AT + 4, true)];
    const counter = (high & 0x1f_ffff) * 2 ** 32 + low;
    const key = `${src} ${dst} ${receiver}`;
    let session = this.#sessions.get(key);
    if (session === undefined) {
      session = new Map();
      this.#sessions.set(key, session);
    }
    // The first ciphertext: two encryptions of anything differ there.
    const content = u32(payload, 16) ^ u32(payload, 20);
    const before = session.get(counter);
    if (before === undefined && this.#remembered >= this.#limit) this.uncompared++;
    else if (before === undefined) {
      this.#remembered++;
      session.set(counter, content);
    }
    if ((before === undefined && high !== EXHAUSTED_HIGH) || this.repeats.length >= MAX_NAMED) return;
    this.repeats.push({ src, dst, receiver, counter, frame: frame.number, sameContent: before === content });
  }
}
