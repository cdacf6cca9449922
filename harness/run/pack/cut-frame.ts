import { createHash } from 'node:crypto';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';

/** SPI, sequence number and the longest initialisation vector (AES-CBC). */
const ESP_KEPT = 24;
/** Type, receiver index, counter. */
const WIREGUARD_DATA_KEPT = 16;
/**
 * By type: bytes of the message, of its type and indices, and where the ephemeral key ends. A cookie reply is not made for a key and keeps
 * its header.
 */
const HANDSHAKES: Readonly<Record<number, { readonly length: number; readonly head: number; readonly keyEnd?: number }>> = {
  1: { length: 148, head: 8, keyEnd: 39 },
  2: { length: 92, head: 12, keyEnd: 43 },
  3: { length: 64, head: 8 },
};
/** ARP for Ethernet and IPv4. */
const ARP_BYTES = 28;
const ROUTER_ADVERTISEMENT = 134;
/** Longest message of a link protocol that is kept: spanning tree has 35 bytes, LACP 110; names of a switch follow after it. */
const LINK_CONTROL_KEPT = 128;
const IKE_KEPT = 28;
const TLS_RECORD_KEPT = 5;

/** Which part of a frame is overwritten, and how. */
export interface FrameCut {
  /** First byte, counted from the frame's start. */
  readonly from: number;
  /** One byte after it that stays. */
  readonly stays?: number;
  /**
   * Ciphertext is replaced by its SHAKE256 of the same length, so that it still looks random and two of them still differ; plaintext is
   * replaced by zeros.
   */
  readonly fill: 'digest' | 'zeros';
  /** From here on there was text in the place of ciphertext: the replacement must not look random. */
  readonly zerosFrom?: number;
}

/**
 * Where a dissected frame's headers end; null for a frame of only headers. `headersEnd` is where the dissector stopped.
 * @param isHandshake whether a WireGuard handshake was made for a key of the run: any other message of that form may be text
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
      return wireguardCut(frame, isHandshake);
    case 'ike':
      return { from: payload + IKE_KEPT, fill: 'digest' };
    case 'tls':
      return { from: frame.payloadOffset + (frame.laterFragment ? 0 : TLS_RECORD_KEPT), fill: 'digest' };
    default:
      return { from: payload, fill: 'zeros' };
  }
}

/** Where a control message ends: what follows is padding of the link, which may contain anything. */
function controlEnd({ layers, bytes, payloadOffset, payloadLength }: DissectedFrame, headersEnd: number): number {
  const last = layers.slice(layers.lastIndexOf('/') + 1);
  if (last === 'arp') return headersEnd + ARP_BYTES;
  // A router's options may contain names and addresses of services.
  if (last === 'icmpv6' && bytes[payloadOffset - 8] === ROUTER_ADVERTISEMENT) return payloadOffset + 8;
  if (/^(?:icmpv6|igmp|nat-keepalive)$/.test(last)) return payloadOffset + payloadLength;
  return Math.min(bytes.length, headersEnd + LINK_CONTROL_KEPT);
}

function wireguardCut(frame: DissectedFrame, isHandshake: (frame: DissectedFrame) => boolean): FrameCut {
  const { wireguardType, payloadOffset } = frame;
  const shape = HANDSHAKES[wireguardType ?? 0];
  if (shape === undefined) return { from: payloadOffset + WIREGUARD_DATA_KEPT, fill: 'digest' };
  if (isHandshake(frame)) return { from: payloadOffset + shape.length, fill: 'digest' };
  // The last byte of a Curve25519 key shows that it is one.
  return {
    from: payloadOffset + shape.head,
    fill: 'digest',
    ...(shape.keyEnd === undefined ? {} : { stays: payloadOffset + shape.keyEnd }),
  };
}

/** Overwrite `bytes` from the cut on, except for the ranges that are kept. Returns how many bytes were overwritten. */
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
  if (cut.zerosFrom !== undefined) bytes.fill(0, Math.max(cut.from, cut.zerosFrom));
  let restored = 0;
  const ranges = cut.stays === undefined || cut.stays >= bytes.length ? kept : [...kept, [cut.stays, cut.stays + 1] as const];
  for (const [from, to] of ranges) {
    const start = Math.max(from, cut.from);
    if (start >= to) continue;
    bytes.set(before.subarray(start, to), start);
    restored += to - start;
  }
  return bytes.length - cut.from - restored;
}
