import { createHmac, randomBytes } from 'node:crypto';

/**
 * A fingerprint for the keys of one run: HMAC-SHA-256 under a random key that is never written, cut to 96 bits. Equal keys have equal
 * fingerprints within the run; outside it they reveal nothing and cannot be compared.
 */
export function keyFingerprint(): (key: Uint8Array) => string {
  const runKey = randomBytes(32);
  return (key) => createHmac('sha256', runKey).update(key).digest('hex').slice(0, 24);
}
