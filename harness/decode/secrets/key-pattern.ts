import { sha256 } from '@noble/hashes/sha2.js';
import type { KeyPattern } from '../../model/key-patterns.ts';

/** A salt of RFC 4106 stands behind an AES key in bytes: the key before it is looked at by itself too. */
const SALT_BYTES = 4;
/** Shorter than this nothing is called a key. */
const LEAST_BYTES = 8;

/**
 * SHA-256 of AES keys that are printed in public, without their salt: of commits of the Linux kernel about ESP offload
 * (drivers/net/bonding), which tests of programs that load keys have too.
 */
const PUBLISHED: ReadonlySet<string> = new Set(['a83a6008ade49cbaba61eded90edb56a4129ccb10c16a4ee5b41467a94507e2d']);

/**
 * Whether a key is one that anybody tries first. Only classes that a random key of 128 bits has once in 2^64 at most; `none` says that
 * none of them was found, not that the key is random.
 */
export function keyPattern(key: Uint8Array): KeyPattern {
  const salted = key.length > 4 * SALT_BYTES ? patternOf(key.subarray(0, -SALT_BYTES)) : 'none';
  return salted === 'none' ? patternOf(key) : salted;
}

function patternOf(key: Uint8Array): KeyPattern {
  if (key.length < LEAST_BYTES) return 'none';
  if (PUBLISHED.has(hexOf(sha256(key)))) return 'published';
  if (key.every((byte) => byte === 0)) return 'all-zero';
  const step = ((key[1] ?? 0) - (key[0] ?? 0)) & 0xff;
  if (step !== 0 && key.every((byte, index) => index === 0 || ((byte - (key[index - 1] ?? 0)) & 0xff) === step)) return 'counting';
  for (let part = 1; part <= key.length / 2; part++)
    if (key.every((byte, index) => index < part || byte === key[index - part])) return 'repeated';
  return 'none';
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
