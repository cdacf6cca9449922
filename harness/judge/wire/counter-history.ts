import { u32, u32le } from '../../decode/wire/bytes.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';
import { NumberedContents } from '../ledger/numbered-contents.ts';
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
  /** Numbers of the sessions, by addresses and receiver. */
  readonly #sessions = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();
  /** Content by session and counter. */
  readonly #contents = new NumberedContents();
  readonly #limit: number;

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit;
  }

  note(frame: DissectedFrame): void {
    if (frame.wireguardType !== 4 || frame.laterFragment || frame.payloadLength < 16 + 8) return;
    const { buffer } = frame;
    const message = frame.start + frame.payloadOffset;
    const receiver = u32le(buffer, message + 4);
    const [low, high] = [u32le(buffer, message + COUNTER_AT), u32le(buffer, message + COUNTER_AT + 4)];
    // The first ciphertext: two encryptions of anything differ there.
    const content = (u32(buffer, message + 16) ^ u32(buffer, message + 20)) >>> 0;
    const contents = this.#contents;
    const session = this.#sessionOf(frame, receiver);
    const before = contents.get(session, high & 0x1f_ffff, low);
    if (before < 0 && contents.size >= this.#limit) this.uncompared++;
    else if (before < 0) contents.set(session, high & 0x1f_ffff, low, content);
    if ((before < 0 && high !== EXHAUSTED_HIGH) || this.repeats.length >= MAX_NAMED) return;
    const counter = (high & 0x1f_ffff) * 2 ** 32 + low;
    const { src, dst, number } = frame;
    this.repeats.push({ src: src ?? '', dst: dst ?? '', receiver, counter, frame: number, sameContent: before === content });
  }

  #sessionOf(frame: DissectedFrame, receiver: number): number {
    const { flow } = frame;
    let session = flow < 0 ? -1 : this.#shortcut.find(flow, receiver);
    if (session >= 0) return session;
    const key = `${frame.src} ${frame.dst} ${receiver}`;
    session = this.#sessions.get(key) ?? this.#sessions.size;
    this.#sessions.set(key, session);
    if (flow >= 0) this.#shortcut.note(flow, receiver, session);
    return session;
  }
}
