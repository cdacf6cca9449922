import { sha256 } from '@noble/hashes/sha2.js';
import type { Fingerprint } from '../decoded.ts';

/** Even-length hex digits, without `0x`, as bytes; undefined for anything else. */
export function hexBytes(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined;
  return Uint8Array.from({ length: hex.length / 2 }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}

/** The default name of a key: the first 24 hex digits of SHA-256 of its bytes. */
export const sha256Fingerprint: Fingerprint = (key) =>
  [...sha256(key).subarray(0, 12)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
