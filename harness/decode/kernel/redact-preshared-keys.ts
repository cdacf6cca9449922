import type { Fingerprint } from '../decoded.ts';
import { PUBLIC_KEY } from './wireguard-fields.ts';

/** Base64 of 32 bytes. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Replaces each key that `wg show DEVICE preshared-keys` printed by `<key:256:FINGERPRINT>`, so that the text may be stored. A line is a
 * peer's public key and its preshared key, or `(none)`, with a tab between (wg(8)).
 * @throws when a line is anything else; the message names the line, never the key
 */
export function redactPresharedKeys(text: string, fingerprint: Fingerprint): string {
  return text
    .split('\n')
    .map((line, index) => {
      if (line === '') return line;
      const [peer = '', key = '', ...more] = line.split('\t');
      if (!PUBLIC_KEY.test(peer) || more.length > 0 || !(key === '(none)' || KEY.test(key)))
        throw new Error(`line ${index + 1}: is not a peer and its preshared key; not stored`);
      return key === '(none)' ? line : `${peer}\t<key:256:${fingerprint(Buffer.from(key, 'base64'))}>`;
    })
    .join('\n');
}
