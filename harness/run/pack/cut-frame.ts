import { createHash } from 'node:crypto';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';

/** SPI, sequence number and the longest initialisation vector (AES-CBC). */
const ESP_KEPT = 24;
/** Type, receiver index, counter. */
const WIREGUARD_DATA_KEPT = 16;
const WIREGUARD_DATA = 4;
/** Whole messages by type: initiation, response. A cookie reply cannot be told from random bytes and keeps its head. */
const HANDSHAKE_BYTES: Readonly<Record<number, number>> = { 1: 148, 2: 92, 3: 64 };
/** Type and sender or receiver index. */
const HANDSHAKE_HEAD = 8;
const ARP_HEADER = 8;
/** Behind the first 8 bytes of neighbour discovery: an address and the option with the link-layer address. */
const DISCOVERY_KEPT = 24;
/** Longest message of a link protocol that is kept: spanning tree has 35 bytes, LACP 110; names of a switch stand behind. */
const LINK_CONTROL_KEPT = 128;
const IKE_KEPT = 28;
const TLS_RECORD_KEPT = 5;

/** What of a frame is overwritten, and how. */
export interface FrameCut {
  /** First byte, counted from the frame's start. */
  readonly from: number;
  /** Ciphertext leaves as many bytes of its SHAKE256 behind, so that it still looks random and two of them still differ; plaintext leaves zeros. */
  readonly fill: 'digest' | 'zeros';
}

/**
 * Where a dissected frame's headers end; null for what is all header. `headersEnd` is where the dissector stopped.
 * @param isHandshake whether a WireGuard handshake was made for a key of the run: any other message of that shape may be text
 */
export function cutOf(frame: DissectedFrame, headersEnd: number, isHandshake: (frame: DissectedFrame) => boolean): FrameCut | null {
  const payload = Math.max(frame.payloadOffset, headersEnd);
  switch (frame.class) {
    case 'control':
      return { from: controlEnd(frame, headersEnd), fill: 'zeros' };
    case 'esp':
      return { from: frame.payloadOffset + (frame.spi === null ? 0 : ESP_KEPT), fill: 'digest' };
    case 'wireguard':
      if (frame.laterFragment) return { from: frame.payloadOffset, fill: 'digest' };
      return { from: frame.payloadOffset + wireguardKept(frame, isHandshake), fill: 'digest' };
    case 'ike':
      return { from: payload + IKE_KEPT, fill: 'digest' };
    case 'tls':
      return { from: frame.payloadOffset + (frame.laterFragment ? 0 : TLS_RECORD_KEPT), fill: 'digest' };
    default:
      return { from: payload, fill: 'zeros' };
  }
}

/** Where a control message ends: what follows it is padding of the link, in which anything may stand. */
function controlEnd({ layers, bytes, payloadOffset, payloadLength }: DissectedFrame, headersEnd: number): number {
  const last = layers.slice(layers.lastIndexOf('/') + 1);
  if (last === 'arp') return headersEnd + ARP_HEADER + 2 * ((bytes[headersEnd + 4] ?? 0) + (bytes[headersEnd + 5] ?? 0));
  if (/^(?:icmpv6|igmp|nat-keepalive)$/.test(last)) return payloadOffset + Math.min(payloadLength, DISCOVERY_KEPT);
  return Math.min(bytes.length, headersEnd + LINK_CONTROL_KEPT);
}

function wireguardKept(frame: DissectedFrame, isHandshake: (frame: DissectedFrame) => boolean): number {
  const length = HANDSHAKE_BYTES[frame.wireguardType ?? 0];
  if (frame.wireguardType === WIREGUARD_DATA || length === undefined) return WIREGUARD_DATA_KEPT;
  return isHandshake(frame) ? length : HANDSHAKE_HEAD;
}

/** Overwrite `bytes` from the cut on, but for the ranges that are kept. Returns how many bytes were overwritten. */
export function overwrite(bytes: Uint8Array, cut: FrameCut, kept: readonly (readonly [from: number, to: number])[]): number {
  if (cut.from >= bytes.length) return 0;
  const before = Uint8Array.from(bytes);
  if (cut.fill === 'zeros') bytes.fill(0, cut.from);
  else
    bytes.set(
      createHash('shake256', { outputLength: bytes.length - cut.from })
        .update(bytes.subarray(cut.from))
        .digest(),
      cut.from,
    );
  let restored = 0;
  for (const [from, to] of kept) {
    const start = Math.max(from, cut.from);
    if (start >= to) continue;
    bytes.set(before.subarray(start, to), start);
    restored += to - start;
  }
  return bytes.length - cut.from - restored;
}
