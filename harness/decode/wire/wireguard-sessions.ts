import { type Frame, INNER } from './frame.ts';

/** Most endpoint pairs, and most sessions, that are stored; then the oldest is dropped. */
const MAX_WIREGUARD_PEERS = 4096;
/**
 * A short packet may be unaligned, where its route was replaced while it waited for a handshake: the route it keeps has an MTU of 68
 * bytes (Linux, drivers/net/wireguard/send.c calculate_skb_padding; net/core/dst.c dst_dev_put and blackhole_netdev). Its counter lies as
 * near to the session's highest as a receiver accepts (drivers/net/wireguard/messages.h COUNTER_WINDOW_SIZE).
 */
const COUNTER_WINDOW = 8192;

/** One direction of a session: who receives its data messages, and the highest counter that was seen, -1 before the first. */
interface WireguardSession {
  readonly family: number;
  readonly receiver: readonly [number, number, number, number];
  readonly port: number;
  /** It was opened by a data message, the first one with its index: its handshake may have come before what was read here. */
  readonly continued: boolean;
  counter: number;
}

/** What a part of a capture says of handshakes and sessions: plain data, in the order of the capture. */
export interface WireguardHistory {
  readonly pairs: readonly string[];
  readonly sessions: readonly (readonly [index: number, session: WireguardSession])[];
}

/** Handshakes and sessions that were seen in a capture, bounded. */
export class WireguardSessions {
  /** Something was decided by what came earlier, or was forgotten: a part of a capture that does so is not read correctly by itself. */
  dependsOnEarlier = false;
  readonly #pairs = new Set<string>();
  /** By the index that the receiver gave itself in its handshake message, and that data messages to it begin with. */
  readonly #sessions = new Map<number, WireguardSession>();

  /** There was a handshake message between the two ends. */
  isPair(frame: Frame): boolean {
    this.dependsOnEarlier = true;
    return this.#pairs.size > 0 && this.#pairs.has(pairKey(frame));
  }

  /** A data message goes to the receiver of a session that was seen, with a counter near the session's. */
  continues(frame: Frame, index: number, counter: number): boolean {
    this.dependsOnEarlier = true;
    const session = this.#sessions.get(index);
    return session !== undefined && isTo(frame, session) && Math.abs(counter - session.counter) <= COUNTER_WINDOW;
  }

  /** A handshake message, with the index that its sender gave itself. */
  begin(frame: Frame, index: number | null): void {
    this.#remember(pairKey(frame));
    if (index !== null) this.#open(index, frame, 8, frame.sourcePort, -1);
  }

  /** A data message. */
  count(frame: Frame, index: number, counter: number): void {
    const session = this.#sessions.get(index);
    if (session === undefined || !isTo(frame, session)) this.#open(index, frame, 12, frame.destinationPort, counter);
    else if (counter > session.counter) session.counter = counter;
  }

  history(): WireguardHistory {
    return { pairs: [...this.#pairs], sessions: [...this.#sessions] };
  }

  /** Go on as if the part with this history had been read here. False, and nothing is changed, if something would have been forgotten in it. */
  follow({ pairs, sessions }: WireguardHistory): boolean {
    if (this.#pairs.size + pairs.length > MAX_WIREGUARD_PEERS || this.#sessions.size + sessions.length > MAX_WIREGUARD_PEERS) return false;
    for (const pair of pairs) this.#remember(pair);
    for (const [index, session] of sessions) {
      const known = this.#sessions.get(index);
      if (session.continued && known !== undefined && isSame(known, session)) known.counter = Math.max(known.counter, session.counter);
      else this.#sessions.set(index, session);
    }
    return true;
  }

  /** @param words where the receiver's address begins in the frame's words */
  #open(index: number, frame: Frame, words: 8 | 12, port: number, counter: number): void {
    const w = frame.words;
    if (this.#sessions.size >= MAX_WIREGUARD_PEERS) this.#dropOldest(this.#sessions);
    const receiver = [w[words]!, w[words + 1]!, w[words + 2]!, w[words + 3]!] as const;
    const continued = words === 12 && !this.#sessions.has(index);
    this.#sessions.set(index, { family: frame.family, receiver, port, continued, counter });
  }

  #remember(key: string): void {
    this.#pairs.delete(key);
    if (this.#pairs.size >= MAX_WIREGUARD_PEERS) this.#dropOldest(this.#pairs);
    this.#pairs.add(key);
  }

  #dropOldest<Key>(known: Set<Key> | Map<Key, unknown>): void {
    this.dependsOnEarlier = true;
    for (const oldest of known.keys()) {
      known.delete(oldest);
      break;
    }
  }
}

function isTo({ words: w, family, destinationPort }: Frame, session: WireguardSession): boolean {
  const [a, b, c, d] = session.receiver;
  return family === session.family && destinationPort === session.port && w[12] === a && w[13] === b && w[14] === c && w[15] === d;
}

function isSame(a: WireguardSession, b: WireguardSession): boolean {
  return a.family === b.family && a.port === b.port && a.receiver.every((word, place) => word === b.receiver[place]);
}

function pairKey(frame: Frame): string {
  const w = frame.words;
  const one = `${w[INNER]}.${w[9]}.${w[10]}.${w[11]}:${frame.sourcePort}`;
  const two = `${w[12]}.${w[13]}.${w[14]}.${w[15]}:${frame.destinationPort}`;
  return one < two ? `${one}-${two}` : `${two}-${one}`;
}
