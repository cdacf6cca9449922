import { u32 } from './bytes.ts';
import type { Frame } from './frame.ts';

/** Exchange types of version 1 (RFC 2408 §3.1, RFC 2409, ISAKMP transaction) and 2 (RFC 7296 §3.1, RFC 5723, RFC 9242, RFC 9370). */
const EXCHANGES: readonly ReadonlySet<number>[] = [new Set(), new Set([1, 2, 3, 4, 5, 6, 32, 33]), new Set([34, 35, 36, 37, 38, 43, 44])];
/** Greatest payload type of each version. */
const LAST_PAYLOAD = [0, 130, 54];
/** Flags that are defined: encryption, commit, authentication; and response, version, initiator. */
const FLAGS = [0, 0x07, 0x38];

/**
 * Is there an IKE message at `at` (RFC 7296 §3.1, RFC 2408): version, exchange type, flags and first payload are defined, and the length is
 * that of the datagram.
 */
export function isIke(f: Frame, at: number): boolean {
  const b = f.buffer;
  if (f.limit - at < 28 || f.end - at < 28) return false;
  const major = b[at + 17]! >> 4;
  if (major !== 1 && major !== 2) return false;
  if ((u32(b, at) | u32(b, at + 4)) === 0 || b[at + 16]! > LAST_PAYLOAD[major]!) return false;
  if (!EXCHANGES[major]!.has(b[at + 18]!) || (b[at + 19]! & ~FLAGS[major]!) !== 0) return false;
  const length = u32(b, at + 24);
  return length === f.limit - at || (f.fragmented && length > f.limit - at);
}
