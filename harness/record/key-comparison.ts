import { createHmac } from 'node:crypto';
import type { KeyPattern } from '../model/key-patterns.ts';

/** Shorter keys could be guessed by anybody who has the user's secret. */
const LEAST_BYTES = 16;

/** Names of keys under a secret of the user. */
export interface KeyComparison {
  /** Name of the secret itself. */
  readonly under: string;
  /** The same for equal keys in every run with this secret; undefined for a key that can be guessed. */
  name(key: Uint8Array, pattern: KeyPattern): string | undefined;
}

/**
 * HMAC-SHA-256 under the user's secret, cut to 128 bits. Who has no secret learns nothing of it; who has it can test a guess, so keys that
 * are guessed are not named.
 *
 * @param secret at least 32 bytes
 */
export function keyComparison(secret: Uint8Array): KeyComparison {
  const named = (what: string, bytes: Uint8Array) =>
    createHmac('sha256', secret).update(`wirewitness ${what}\0`).update(bytes).digest('hex').slice(0, 32);
  return {
    under: named('comparison', new Uint8Array()),
    name: (key, pattern) => (key.length < LEAST_BYTES || pattern !== 'none' ? undefined : named('key', key)),
  };
}
