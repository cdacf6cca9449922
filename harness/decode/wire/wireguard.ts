import { u32le } from './bytes.ts';
import type { Frame } from './frame.ts';
import { PORT_WIREGUARD } from './options.ts';
import { looksPlain, plainWindow } from './plain.ts';
import { WireguardSessions } from './wireguard-sessions.ts';

/** Names of the four message types, by type byte. */
export const WIREGUARD_TYPES: readonly string[] = ['', 'initiation', 'response', 'cookie', 'data'];

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
 * Recognises WireGuard messages by their content: type, reserved zeros, length, and fields that vary as random bytes do. Data messages need
 * a known port, a handshake between the same endpoints, or a stricter test. The judge decides to which session a message belongs.
 */
export class WireguardDetector {
  readonly sessions = new WireguardSessions();
  readonly #ports: Uint8Array;

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
      if (at + DATA_HEADER <= frame.end) this.sessions.count(frame, u32le(b, at + 4), counterOf(b, at));
      return DATA;
    }
    if (length !== LENGTHS[type] || !looksLikeHandshake(b, at, type, frame.end)) return 0;
    this.sessions.begin(frame, type === COOKIE ? null : u32le(b, at + 4));
    return type;
  }

  #isData(frame: Frame, length: number): boolean {
    const b = frame.buffer;
    if (looksPlain(b, frame.at + DATA_HEADER, frame.end)) return false;
    const aligned = length % 16 === 0;
    if (!aligned && !looksLikeData(b, frame.at, frame.end)) return false;
    if (!aligned && length < MIN_UNALIGNED) return this.sessions.continues(frame, u32le(b, frame.at + 4), counterOf(b, frame.at));
    if (((this.#ports[frame.sourcePort]! | this.#ports[frame.destinationPort]!) & PORT_WIREGUARD) !== 0) return true;
    // Last, because what came before this frame is asked: then a part of a capture cannot be read by itself.
    return (aligned && looksLikeData(b, frame.at, frame.end)) || this.sessions.isPair(frame);
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
