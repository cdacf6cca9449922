import { blake2s } from '@noble/hashes/blake2.js';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';

/** Bytes before mac1 in a message, by type: the initiation and the response. */
const MAC1_AT: Readonly<Record<number, number>> = { 1: 116, 2: 60 };
const MAC1_LENGTH = 16;
const LABEL = Buffer.from('mac1----', 'latin1');
/** Handshakes that are kept of a capture: enough for hours of a large cluster, with one in two minutes for each pair. */
const MAX_KEPT = 1000;

/** A WireGuard handshake message, up to and including mac1. It holds nothing secret. */
export interface Handshake {
  readonly src: string;
  readonly dst: string;
  readonly type: 'initiation' | 'response';
  readonly frame: number;
  readonly message: Uint8Array;
}

/** Keeps the handshakes of a capture. */
export class HandshakeCollector {
  readonly kept: Handshake[] = [];

  note(frame: DissectedFrame): void {
    const { wireguardType, src, dst } = frame;
    const end = MAC1_AT[wireguardType ?? 0];
    if (end === undefined || src === null || dst === null || this.kept.length >= MAX_KEPT) return;
    const message = frame.payload.slice(0, end + MAC1_LENGTH);
    this.kept.push({ src, dst, type: wireguardType === 1 ? 'initiation' : 'response', frame: frame.number, message });
  }
}

/**
 * Whether a handshake was made for the owner of a public key: mac1 is keyed BLAKE2s-128 over the message before it, under
 * BLAKE2s-256 of the label `mac1----` and the receiver's public key (WireGuard paper, §5.4.4). Anyone can verify it.
 *
 * @param publicKey base64
 */
export function hasValidMac1({ message }: Pick<Handshake, 'message'>, publicKey: string): boolean {
  const at = message.length - MAC1_LENGTH;
  const key = blake2s(Buffer.concat([LABEL, Buffer.from(publicKey, 'base64')]));
  const expected = blake2s(message.subarray(0, at), { key, dkLen: MAC1_LENGTH });
  return Buffer.from(expected).equals(message.subarray(at));
}
