import type { Fingerprint } from '../decoded.ts';
import { hexBytes } from './fingerprint.ts';
import { iprouteLines } from './lines.ts';
import { decodeAlgorithmLine } from './xfrm-algorithm.ts';
import { decodeXfrmPolicy } from './xfrm-policy.ts';
import { decodeXfrmState } from './xfrm-state.ts';

const KEY = /\b(auth-trunc|auth|enc|aead|comp)(\s+\S+\s+)0x([0-9a-fA-F]+)(?![0-9A-Za-z])/g;
const ALGORITHM_LINE = /\b(?:auth-trunc|auth|enc|aead|comp)\s/;
const REDACTED = /<key:\d+:[^>\s]*>|\[hash:[0-9a-f]{64}\]/g;
/** A line that may continue a key: digits, and the end of an algorithm line. */
const REST_OF_KEY = /^(?:0x)?[0-9a-fA-F]{2,}(?: \(\d+ bits\))?(?: \d+)?$/;

/**
 * Replaces each key that `ip xfrm` printed by `<key:BITS:FINGERPRINT>`, so that the text may be stored.
 * Throws when something that may be a key is left; the message names the line, never the key.
 */
export function redactXfrmKeys(text: string, fingerprint: Fingerprint): string {
  const redacted = redactLines(text, fingerprint);
  const refuse = (line: number, why: string): never => {
    throw new Error(`line ${line}: ${why}; not stored`);
  };
  for (const { line, words } of iprouteLines(redacted)) {
    const algorithm = /^(?:- |\+ )?((?:auth-trunc|auth|enc|aead|comp)\s.*)$/.exec(words)?.[1];
    if (algorithm !== undefined && decodeAlgorithmLine(algorithm, fingerprint)?.whole !== true)
      refuse(line, 'is an algorithm line that was cut or has a key in an unknown form');
    if (REST_OF_KEY.test(words)) refuse(line, 'may be the rest of a key that began on the previous line');
  }
  const lines = redacted.split('\n');
  const asPolicy = new Set(decodeXfrmPolicy(redacted).unparsed.map(({ line }) => line));
  for (const { line } of decodeXfrmState(redacted).unparsed)
    if (
      asPolicy.has(line) &&
      !BITMAP.test(lines[line - 1] ?? '') &&
      /0x[0-9a-fA-F]{9,}|(?<!0x[0-9a-fA-F]*)[0-9a-fA-F]{8,}/.test(lines[line - 1]?.replace(REDACTED, '') ?? '')
    )
      refuse(line, 'is not understood and has 8 or more hex digits');
  return redacted;
}

/** A line of an anti-replay window. */
const BITMAP = /^\s*[0-9a-f]{8}(?: [0-9a-f]{8})+\s*$/;

function redactLines(text: string, fingerprint: Fingerprint): string {
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
      if (/[0-9a-fA-F]{12}/.test(rest) || (ALGORITHM_LINE.test(rest) && /0x[0-9a-fA-F]{9}/.test(rest))) {
        throw new Error(
          `line ${index + 1}: may still hold a key after redaction (9 or more hex digits on an algorithm line, or 12 elsewhere); not stored`,
        );
      }
      return redacted;
    })
    .join('\n');
}
