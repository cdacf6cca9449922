import { u32le } from './bytes.ts';
import type { Frame } from './frame.ts';
import { INNER } from './frame.ts';
import { PORT_WIREGUARD } from './options.ts';
import { looksPlain, plainWindow } from './plain.ts';

/** Names of the four message types, by type byte. */
export const WIREGUARD_TYPES: readonly string[] = ['', 'initiation', 'response', 'cookie', 'data'];
/** Most endpoint pairs whose handshake is stored; then the oldest is dropped. */
export const MAX_WIREGUARD_PEERS = 4096;

const INITIATION = 1;
const RESPONSE = 2;
const COOKIE = 3;
const DATA = 4;
const LENGTHS = [0, 148, 92, 64];
/** Type, receiver index, counter; then ciphertext with a tag of 16. */
const DATA_HEADER = 16;
/**
 * Packets are padded to 16 bytes but never above the MTU that the packet was routed with, so a full packet may be unaligned (real agents:
 * 1420 and 32). No WireGuard interface has an MTU below this number minus 32.
 */
const MIN_UNALIGNED = 1024;
/**
 * A short packet may be unaligned too, where its route was replaced while it waited for a handshake: the route it keeps has an MTU of 68
 * bytes (Linux, drivers/net/wireguard/send.c calculate_skb_padding; net/core/dst.c dst_dev_put and blackhole_netdev). Its counter lies as
 * near to the session's highest as a receiver accepts (drivers/net/wireguard/messages.h COUNTER_WINDOW_SIZE).
 */
const COUNTER_WINDOW = 8192;

/** One direction of a session: who receives its data messages, and the highest counter that was seen, -1 before the first. */
interface Session {
  readonly family: number;
  readonly receiver: readonly [number, number, number, number];
  readonly port: number;
  counter: number;
}

/**
 * Recognises WireGuard messages by their content: type, reserved zeros, length, and fields that vary as random bytes do. Data messages need
 * a known port, a handshake between the same endpoints, or a stricter test. The judge decides to which session a message belongs.
 */
export class WireguardDetector {
  readonly #ports: Uint8Array;
  readonly #pairs = new Set<string>();
  /** By the index that the receiver gave itself in its handshake message, and that data messages to it begin with. */
  readonly #sessions = new Map<number, Session>();

  constructor(ports: Uint8Array) {
    this.#ports = ports;
  }

  /** Message type of the UDP payload at `frame.at`, whose full length is `length`; 0 when it is not WireGuard. */
  detect(frame: Frame, length: number): number {
    const b = frame.buffer;
    const at = frame.at;
    if (frame.end - at < 4) return 0;
    const type = b[at]!;
    if (type < INITIATION || type > DATA || (b[at + 1]! | b[at + 2]! | b[at + 3]!) !== 0) return 0;
    if (type === DATA) {
      if (length < 32 || !this.#isData(frame, length)) return 0;
      this.#count(frame);
      return DATA;
    }
    if (length !== LENGTHS[type] || !looksLikeHandshake(b, at, type, frame.end)) return 0;
    this.#remember(pairKey(frame));
    if (type !== COOKIE) this.#open(u32le(b, at + 4), frame, 8, frame.sourcePort, -1);
    return type;
  }

  #isData(frame: Frame, length: number): boolean {
    const b = frame.buffer;
    if (looksPlain(b, frame.at + DATA_HEADER, frame.end)) return false;
    const aligned = length % 16 === 0;
    if (!aligned && !looksLikeData(b, frame.at, frame.end)) return false;
    if (!aligned && length < MIN_UNALIGNED) return this.#continues(frame);
    if (((this.#ports[frame.sourcePort]! | this.#ports[frame.destinationPort]!) & PORT_WIREGUARD) !== 0) return true;
    if (this.#pairs.size > 0 && this.#pairs.has(pairKey(frame))) return true;
    return aligned && looksLikeData(b, frame.at, frame.end);
  }

  /** The message goes to the receiver of a session that was seen, with a counter near the session's. */
  #continues(frame: Frame): boolean {
    const { buffer: b, at } = frame;
    const session = this.#sessions.get(u32le(b, at + 4));
    return session !== undefined && isTo(frame, session) && Math.abs(counterOf(b, at) - session.counter) <= COUNTER_WINDOW;
  }

  #count(frame: Frame): void {
    const { buffer: b, at } = frame;
    if (at + DATA_HEADER > frame.end) return;
    const index = u32le(b, at + 4);
    const session = this.#sessions.get(index);
    const counter = counterOf(b, at);
    if (session === undefined || !isTo(frame, session)) this.#open(index, frame, 12, frame.destinationPort, counter);
    else if (counter > session.counter) session.counter = counter;
  }

  /** @param words where the receiver's address begins in the frame's words */
  #open(index: number, frame: Frame, words: 8 | 12, port: number, counter: number): void {
    const w = frame.words;
    if (this.#sessions.size >= MAX_WIREGUARD_PEERS)
      for (const oldest of this.#sessions.keys()) {
        this.#sessions.delete(oldest);
        break;
      }
    const receiver = [w[words]!, w[words + 1]!, w[words + 2]!, w[words + 3]!] as const;
    this.#sessions.set(index, { family: frame.family, receiver, port, counter });
  }

  #remember(key: string): void {
    this.#pairs.delete(key);
    if (this.#pairs.size >= MAX_WIREGUARD_PEERS) {
      for (const oldest of this.#pairs) {
        this.#pairs.delete(oldest);
        break;
      }
    }
    this.#pairs.add(key);
  }
}

/** The ephemeral Curve25519 key, the encrypted fields and mac1, or the cookie's nonce, are random; a public key's top bit is clear. mac2 may be zero. */
function looksLikeHandshake(b: Uint8Array, at: number, type: number, end: number): boolean {
  if (type === COOKIE) return !looksPlain(b, at + 8, Math.min(end, at + 64));
  const key = at + (type === RESPONSE ? 12 : 8);
  const mac2 = at + (type === RESPONSE ? 76 : 132);
  if (key + 32 <= end && b[key + 31]! >= 128) return false;
  return plainWindow(b, key, Math.min(end, mac2)) < 0;
}

/**
 * A data message without a known port or handshake, as in a capture that began during a session: a receiver index, a counter below 2^40 (no
 * session lives that long: WireGuard re-keys after 120 s). One of 2^56 random datagrams passes.
 */
function looksLikeData(b: Uint8Array, at: number, end: number): boolean {
  if (at + 32 > end) return false;
  if ((b[at + 13]! | b[at + 14]! | b[at + 15]!) !== 0) return false;
  return (b[at + 4]! | b[at + 5]! | b[at + 6]! | b[at + 7]!) !== 0;
}

/** Counter of a data message; exact below 2^53, which no session reaches. */
function counterOf(b: Uint8Array, at: number): number {
  return u32le(b, at + 8) + u32le(b, at + 12) * 2 ** 32;
}

function isTo({ words: w, family, destinationPort }: Frame, session: Session): boolean {
  const [a, b, c, d] = session.receiver;
  return family === session.family && destinationPort === session.port && w[12] === a && w[13] === b && w[14] === c && w[15] === d;
}

function pairKey(frame: Frame): string {
  const w = frame.words;
  const one = `${w[INNER]}.${w[9]}.${w[10]}.${w[11]}:${frame.sourcePort}`;
  const two = `${w[12]}.${w[13]}.${w[14]}.${w[15]}:${frame.destinationPort}`;
  return one < two ? `${one}-${two}` : `${two}-${one}`;
}
