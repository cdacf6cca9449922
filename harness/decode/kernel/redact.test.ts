import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { sha256Fingerprint } from './fingerprint.ts';
import { redactXfrmKeys } from './redact.ts';
import { decodeXfrmState } from './xfrm-state.ts';

const key = 'a1'.repeat(20);

describe('redaction of ip xfrm', () => {
  test.each([
    [`\taead rfc4106(gcm(aes)) 0x${key} 128`, '\taead rfc4106(gcm(aes)) <key:160:20> 128'],
    [`\taead rfc4106(gcm(aes)) 0x${key} (160 bits) 128`, '\taead rfc4106(gcm(aes)) <key:160:20> (160 bits) 128'],
    [
      `auth-trunc hmac(sha1) 0x${key} 96 \\\tenc cbc(aes) 0x${'b2'.repeat(16)}`,
      'auth-trunc hmac(sha1) <key:160:20> 96 \\\tenc cbc(aes) <key:128:16>',
    ],
    ['\tenc ecb(cipher_null) ', '\tenc ecb(cipher_null) '],
    ['\taead rfc4106(gcm(aes)) <<Keys hidden>> 128', '\taead rfc4106(gcm(aes)) <<Keys hidden>> 128'],
    [
      `\taead rfc4106(gcm(aes)) [hash:${'0f'.repeat(32)}] (160 bits) 128`,
      `\taead rfc4106(gcm(aes)) [hash:${'0f'.repeat(32)}] (160 bits) 128`,
    ],
    ['\tmark 0xbbd33e00/0xffffff00 output-mark 0xe00/0xffffff00', '\tmark 0xbbd33e00/0xffffff00 output-mark 0xe00/0xffffff00'],
    [' 00000000 00000000 007fffff', ' 00000000 00000000 007fffff'],
  ])('%s', (line, expected) => expect(redactXfrmKeys(line, (bytes) => String(bytes.length))).toBe(expected));

  test.each([
    `\taead rfc4106(gcm(aes)) 0x${key}Z 128`,
    `\taead 0x${key} 128`,
    `\taead rfc4106(gcm(aes)) 0x${key.slice(1)} 128`,
    `\taead rfc4106(gcm(aes)) 0x${key.slice(0, 20)}\n${key.slice(20)} 128`,
    `\tauth-trunc hmac(sha1) 0x${key.slice(0, 20)}\n${key.slice(20)} 96`,
    `\tenc cbc(aes) secretphrase`,
    `\tenc cbc(aes) "a secret phrase"`,
    `\tsecurity ${key.slice(0, 16)}`,
    `\tsome other line ${key}`,
    `\tr${key.slice(0, 22)} (160 bits) 128`,
    `[{"aead_key":"${key}"}]`,
  ])('refuses what may still contain a key, without repeating it: %s', (line) => {
    expect(() => redactXfrmKeys(line, sha256Fingerprint)).toThrow(/^line \d+: /);
    expect(() => redactXfrmKeys(line, sha256Fingerprint)).not.toThrow(/a1a1/);
  });

  test('a key that continues on the next line is refused wherever it is cut', () => {
    for (const kind of ['enc cbc(aes)', 'aead rfc4106(gcm(aes))', 'auth hmac(sha1)'])
      for (let cut = 0; cut < key.length + 2; cut++) {
        const line = `src 10.0.0.1 dst 10.0.0.2\n\t${kind} 0x${key}`;
        const at = line.length - key.length - 2 + cut;
        expect(() => redactXfrmKeys(`${line.slice(0, at)}\n${line.slice(at)}`, sha256Fingerprint), `${kind} cut at ${cut}`).toThrow(
          /not stored$/,
        );
      }
  });

  test.skipIf(!haveFixtures).each(AGENTS)(`%s (${haveFixtures ? 'recorded' : WITHOUT_FIXTURES})`, (agent) => {
    for (const name of ['xfrm-state', 'xfrm-state-s', 'xfrm-state-nokeys', 'xfrm-policy', 'xfrm-policy-s']) {
      const text = agentFixture(agent, name);
      const redacted = redactXfrmKeys(text, sha256Fingerprint);
      expect(redacted).not.toMatch(/0x[0-9a-f]{9}/);
      expect(decodeXfrmState(redacted).items).toEqual(decodeXfrmState(text).items);
    }
  });
});
