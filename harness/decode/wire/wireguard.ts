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
 * Packets are padded to 16 bytes but never above the interface's MTU, so a full packet may be unaligned (real agents: 1420 and 32). No
 * WireGuard interface has an MTU below this number minus 32.
 */
const MIN_UNALIGNED = 1024;

/**
 * Recognises WireGuard messages by their content: type, reserved zeros, length, and fields that vary as random bytes do. Data messages need
 * a known port, a handshake between the same endpoints, or a stricter test. The judge decides to which session a message belongs.
 */
export class WireguardDetector {
  readonly #ports: Uint8Array;
  readonly #pairs = new Set<string>();

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
    if (type === DATA) return length >= 32 && this.#isData(frame, length) ? DATA : 0;
    if (length !== LENGTHS[type] || !looksLikeHandshake(b, at, type, frame.end)) return 0;
    this.#remember(pairKey(frame));
    return type;
  }

  #isData(frame: Frame, length: number): boolean {
    const b = frame.buffer;
    if (looksPlain(b, frame.at + DATA_HEADER, frame.end)) return false;
    const aligned = length % 16 === 0;
    if (!aligned && (length < MIN_UNALIGNED || !looksLikeData(b, frame.at, frame.end))) return false;
    if (((this.#ports[frame.sourcePort]! | this.#ports[frame.destinationPort]!) & PORT_WIREGUARD) !== 0) return true;
    if (this.#pairs.size > 0 && this.#pairs.has(pairKey(frame))) return true;
    return aligned && looksLikeData(b, frame.at, frame.end);
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

function pairKey(frame: Frame): string {
  const w = frame.words;
  const one = `${w[INNER]}.${w[9]}.${w[10]}.${w[11]}:${frame.sourcePort}`;
  const two = `${w[12]}.${w[13]}.${w[14]}.${w[15]}:${frame.destinationPort}`;
  return one < two ? `${one}-${two}` : `${two}-${one}`;
}
