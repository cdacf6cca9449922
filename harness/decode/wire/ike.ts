import { u32 } from './bytes.ts';
import type { Frame } from './frame.ts';

/** Is there an IKE header at `at` (RFC 7296 §3.1, RFC 2408): major version 1 or 2, a length that the datagram can hold? */
export function isIke(f: Frame, at: number): boolean {
  const b = f.buffer;
  if (f.limit - at < 28 || f.end - at < 28) return false;
  const major = b[at + 17]! >> 4;
  if (major !== 1 && major !== 2) return false;
  if ((u32(b, at) | u32(b, at + 4)) === 0) return false;
  const length = u32(b, at + 24);
  return length >= 28 && (length <= f.limit - at || f.fragmented);
}
