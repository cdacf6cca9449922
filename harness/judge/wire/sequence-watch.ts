import { u32le } from '../../decode/wire/bytes.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';
import { SequenceSet } from '../ledger/sequence-set.ts';

/** Sessions that are followed; each takes up to 34 KiB. */
const MAX_SESSIONS = 10_000;
/** If numbers decrease by more than this, counting starts again: an SA or session was replaced by one with the same name. */
const RESTART = 1024;
/** Data message: type and three zeros, receiver index, counter (little endian); WireGuard paper §5.4.6. */
const RECEIVER_AT = 4;
const COUNTER_AT = 8;

/** Numbers of one SA or WireGuard session that a capture does not show although it shows numbers before and after them. */
export interface SequenceHole {
  readonly kind: 'esp' | 'wireguard';
  readonly src: string;
  readonly dst: string;
  /** SPI or receiver index, `0x%08x`. */
  readonly session: string;
  /** How many numbers are missing over the whole capture. */
  readonly missing: number;
  /** Numbers from the lowest to the highest that was seen, both included. */
  readonly span: number;
  /** How many of them are missing at the largest jump. */
  readonly largest: number;
  /** Frames around that jump, the milliseconds between them, and when the second one came: Unix milliseconds of the capture's clock. */
  readonly after: number;
  readonly before: number;
  readonly ms: number;
  readonly untilMs: number;
}

interface Session {
  readonly kind: 'esp' | 'wireguard';
  readonly src: string;
  readonly dst: string;
  readonly session: string;
  seen: SequenceSet;
  /** Numbers continue beyond 2^32 where the low half of an ESN wraps. */
  last: number;
  low: number;
  high: number;
  distinct: number;
  missing: number;
  span: number;
  lastFrame: number;
  lastMs: number;
  jump: { size: number; after: number; before: number; ms: number; untilMs: number };
}

/**
 * Follows the numbers that a sender increases by one for each packet: ESP's sequence numbers (RFC 4303, 2.2) and the counters of
 * WireGuard's data messages. A missing number was sent and not captured.
 */
export class SequenceWatch {
  readonly #sessions: Session[] = [];
  readonly #places = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();
  /** Frames of sessions beyond the limit, which were not followed. */
  unfollowed = 0;

  note(frame: DissectedFrame): void {
    if (frame.laterFragment) return;
    const { spi, sequence } = frame;
    if (spi !== null && sequence !== null) this.#note(frame, 'esp', spi, sequence);
    else if (frame.wireguardType === 4 && frame.payloadLength >= COUNTER_AT + 8) {
      const message = frame.start + frame.payloadOffset;
      this.#note(frame, 'wireguard', u32le(frame.buffer, message + RECEIVER_AT), u32le(frame.buffer, message + COUNTER_AT));
    }
  }

  #note(frame: DissectedFrame, kind: Session['kind'], session: number, number: number): void {
    const { flow } = frame;
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    let place = flow >= 0 ? this.#shortcut.find(flow, session) : -1;
    if (place < 0) {
      const { src, dst } = frame;
      if (src === null || dst === null) return;
      const key = `${kind} ${src} ${dst} ${session}`;
      const known = this.#places.get(key);
      if (known === undefined) {
        if (this.#sessions.length >= MAX_SESSIONS) this.unfollowed++;
        else {
          this.#places.set(key, this.#sessions.length);
          this.#sessions.push(begin({ kind, src, dst, session: formatSpi(session) }, number, frame.number, ms));
        }
        return;
      }
      place = known;
      if (flow >= 0) this.#shortcut.note(flow, session, place);
    }
    follow(this.#sessions[place]!, number, frame.number, ms);
  }

  holes(): readonly SequenceHole[] {
    return this.#sessions.flatMap((s) => {
      const missing = s.missing + s.high - s.low + 1 - s.distinct;
      if (missing <= 0) return [];
      const { kind, src, dst, session } = s;
      const { size: largest, after, before, ms, untilMs } = s.jump;
      return [{ kind, src, dst, session, missing, span: s.span + s.high - s.low + 1, largest, after, before, ms, untilMs }];
    });
  }
}

function begin(name: Pick<Session, 'kind' | 'src' | 'dst' | 'session'>, number: number, frame: number, ms: number): Session {
  const seen = new SequenceSet();
  seen.repeat(number);
  const jump = { size: 0, after: 0, before: 0, ms: 0, untilMs: 0 };
  return { ...name, seen, last: number, low: number, high: number, distinct: 1, missing: 0, span: 0, lastFrame: frame, lastMs: ms, jump };
}

function follow(s: Session, low32: number, frame: number, ms: number): void {
  // The distance to the previous number, across the wrap at 2^32.
  const step = (low32 - s.last) | 0;
  if (step < -RESTART) restart(s, low32);
  else {
    const number = s.last + step;
    if (!s.seen.repeat(low32)) s.distinct++;
    if (number - s.high > s.jump.size + 1)
      s.jump = { size: number - s.high - 1, after: s.lastFrame, before: frame, ms: ms - s.lastMs, untilMs: ms };
    s.low = Math.min(s.low, number);
    s.high = Math.max(s.high, number);
    s.last = number;
  }
  s.lastFrame = frame;
  s.lastMs = ms;
}

function restart(s: Session, number: number): void {
  s.missing += s.high - s.low + 1 - s.distinct;
  s.span += s.high - s.low + 1;
  s.seen = new SequenceSet();
  s.seen.repeat(number);
  s.distinct = 1;
  s.last = s.low = s.high = number;
}
