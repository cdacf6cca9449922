import type { Fingerprint } from '../decoded.ts';
import { hexBytes } from './fingerprint.ts';

const KEY = /\b(auth-trunc|auth|enc|aead|comp)(\s+\S+\s+)0x([0-9a-fA-F]+)(?![0-9A-Za-z])/g;
const ALGORITHM_LINE = /\b(?:auth-trunc|auth|enc|aead|comp)\s/;
const REDACTED = /<key:\d+:[^>\s]*>/g;

/**
 * Replaces each key that `ip xfrm` printed by `<key:BITS:FINGERPRINT>`, so that the text may be stored.
 * Throws when something that may be a key is left; the message names the line, never the key.
 */
export function redactXfrmKeys(text: string, fingerprint: Fingerprint): string {
  return text
    .split('\n')
    .map((line, index) => {
      const redacted = line.replace(KEY, (_, kind: string, name: string, hex: string) => {
        const key = hexBytes(hex);
        if (key === undefined)
          throw new Error(`line ${index + 1}: the ${kind} key has ${hex.length} hex digits, an odd number; not stored`);
        return `${kind}${name}<key:${key.length * 8}:${fingerprint(key)}>`;
      });
      const rest = redacted.replace(REDACTED, '');
      if (/[0-9a-fA-F]{32}/.test(rest) || (ALGORITHM_LINE.test(rest) && /0x[0-9a-fA-F]{9}/.test(rest))) {
        throw new Error(
          `line ${index + 1}: may still hold a key after redaction (9 or more hex digits on an algorithm line, or 32); not stored`,
        );
      }
      return redacted;
    })
    .join('\n');
}
