import { createHash } from 'node:crypto';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';

/** SPI, sequence number and the longest initialisation vector (AES-CBC). */
const ESP_KEPT = 24;
/** Type, receiver index, counter. */
const WIREGUARD_DATA_KEPT = 16;
const WIREGUARD_DATA = 4;
const IKE_KEPT = 28;
const TLS_RECORD_KEPT = 5;

/** What of a frame is overwritten, and how. */
export interface FrameCut {
  /** First byte, counted from the frame's start. */
  readonly from: number;
  /** Ciphertext leaves as many bytes of its SHAKE256 behind, so that it still looks random and two of them still differ; plaintext leaves zeros. */
  readonly fill: 'digest' | 'zeros';
}

/** Where a dissected frame's headers end; null for what is all header: ARP, neighbour discovery, WireGuard handshakes. `headersEnd` is where the dissector stopped. */
export function cutOf(frame: DissectedFrame, headersEnd: number): FrameCut | null {
  const payload = Math.max(frame.payloadOffset, headersEnd);
  switch (frame.class) {
    case 'control':
      return null;
    case 'esp':
      return { from: frame.payloadOffset + (frame.spi === null ? 0 : ESP_KEPT), fill: 'digest' };
    case 'wireguard':
      if (frame.laterFragment) return { from: frame.payloadOffset, fill: 'digest' };
      return frame.wireguardType === WIREGUARD_DATA ? { from: frame.payloadOffset + WIREGUARD_DATA_KEPT, fill: 'digest' } : null;
    case 'ike':
      return { from: payload + IKE_KEPT, fill: 'digest' };
    case 'tls':
      return { from: frame.payloadOffset + (frame.laterFragment ? 0 : TLS_RECORD_KEPT), fill: 'digest' };
    default:
      return { from: payload, fill: 'zeros' };
  }
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
