import { describe, expect, test } from 'vitest';
import { decodeKeySecret } from '../../../harness/stacks/cilium/decode/key-secret.ts';
import { algorithmWords, KEY_KINDS, keyFile, kindOf, newIpsecKey, withKeys } from './ipsec-key.ts';

describe('newIpsecKey', () => {
  test.each(KEY_KINDS)('%s is told by its own key, and its key file parses', (kind) => {
    const key = newIpsecKey(3, true, kind);
    expect(kindOf(key)).toBe(kind);
    const [secret] = decodeKeySecret(keyFile(key)).items;
    expect(secret).toMatchObject({ id: 3, perTunnelKeys: true, problems: [] });
  });

  test('AES-256 is 32 bytes and 4 of salt; CBC has a key for each algorithm', () => {
    expect(algorithmWords(newIpsecKey(3, true, 'gcm-256'))).toMatch(/^aead rfc4106\(gcm\(aes\)\) 0x[0-9a-f]{72} 128$/);
    const [, authentication, cipher] = /^auth hmac\(sha256\) (0x[0-9a-f]{64}) enc cbc\(aes\) (0x[0-9a-f]{64})$/.exec(
      algorithmWords(newIpsecKey(3, false, 'cbc-sha256')),
    ) ?? ['', '', ''];
    expect(authentication).not.toBe('');
    expect(authentication).not.toBe(cipher);
  });

  test('withKeys turns every secret', () => {
    const turned = withKeys(newIpsecKey(3, true, 'cbc-sha256'), (secret) => new Uint8Array(secret.length));
    expect([...turned.key, ...(turned.authentication?.key ?? [1])].every((byte) => byte === 0)).toBe(true);
  });

  test.each([0, 16, 254, 1.5])('id %s is refused', (id) => {
    expect(() => newIpsecKey(id, true)).toThrow(`IPsec key id ${id} is outside 1..15`);
  });
});
