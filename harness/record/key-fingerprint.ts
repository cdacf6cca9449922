import { createHmac, randomBytes } from 'node:crypto';

/**
 * A fingerprint for the keys of one run: HMAC-SHA-256 under a random key that is never written, cut to 96 bits. Equal keys have equal
 * fingerprints within the run; outside it they reveal nothing and cannot be compared.
 *
 * @param runKey of recorders on several nodes that share one, so that their fingerprints can be compared
 */
export function keyFingerprint(runKey: Uint8Array = randomBytes(32)): (key: Uint8Array) => string {
  return (key) => createHmac('sha256', runKey).update(key).digest('hex').slice(0, 24);
}
