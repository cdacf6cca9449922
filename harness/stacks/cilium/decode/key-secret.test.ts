import { describe, expect, test } from 'vitest';
import { AGENTS, fixture, haveFixtures, WITHOUT_FIXTURES } from '../../../testing/fixture.ts';
import { decodeKeySecret } from './key-secret.ts';

const K160 = 'a1'.repeat(20);
const GCM = `3+ rfc4106(gcm(aes)) ${K160} 128`;
const CBC = `4 hmac(sha256) 0x${'b2'.repeat(32)} cbc(aes) 0x${'c3'.repeat(32)}`;
const options = { fingerprint: (key: Uint8Array) => `${key.length} bytes` };
const gcm = {
  id: 3,
  perTunnelKeys: true,
  aead: { name: 'rfc4106(gcm(aes))', bits: 160, icvBits: 128, fingerprint: '20 bytes' },
  problems: [],
};

describe('the IPsec key file', () => {
  test('AEAD, and authentication with a cipher', () => {
    expect(decodeKeySecret(`${GCM}\n`, options)).toEqual({ items: [gcm], unparsed: [] });
    expect(decodeKeySecret(CBC, options)).toEqual({
      items: [
        {
          id: 4,
          perTunnelKeys: false,
          auth: { name: 'hmac(sha256)', bits: 256, fingerprint: '32 bytes' },
          enc: { name: 'cbc(aes)', bits: 256, fingerprint: '32 bytes' },
          problems: [],
        },
      ],
      unparsed: [],
    });
    expect(decodeKeySecret('3+ rfc4106(gcm(aes)) <key:160:0123> 128').items[0]?.aead).toEqual({
      name: 'rfc4106(gcm(aes))',
      bits: 160,
      icvBits: 128,
      fingerprint: '0123',
    });
  });

  test('a Secret as YAML and as JSON', () => {
    const keys = btoa(GCM);
    const yaml = `apiVersion: v1\ndata:\n  keys: ${keys}\nkind: Secret\nmetadata:\n  name: cilium-ipsec-keys\n`;
    const json = JSON.stringify({ kind: 'Secret', data: { keys } }, null, '\t');
    const plain = `apiVersion: v1\nkind: Secret\nstringData:\n  keys: "${GCM}"\n`;
    for (const text of [yaml, json, plain]) expect(decodeKeySecret(text, options)).toEqual({ items: [gcm], unparsed: [] });
    expect(decodeKeySecret('{"kind":"Secret","data":{}}')).toMatchObject({ items: [], unparsed: [{ line: 1 }] });
  });

  test.each([
    [GCM.replace('3+', '0'), /zero is not a valid key ID/],
    [GCM.replace('3+', '16+'), /less than 16, not 16/],
    [GCM.replace('3+', '254'), /less than 16, not 254/],
    [GCM.replace('3+ ', ''), /does not begin with a key id/],
    [GCM.replace(' 128', ' 160'), /ICV has 160 bits, not 96, 128 or 256/],
    [GCM.replace(' 128', ' x'), /ICV has no number of bits/],
    [GCM.replace(K160, 'a1'.repeat(16)), /has 128 bits, not 160 or 224 or 288/],
    [GCM.replace(K160, K160.slice(1)), /could not be read/],
    [GCM.replace('rfc4106(gcm(aes))', 'gcm(aes)'), /does not begin with rfc/],
    [GCM.replace('rfc4106', 'rfc4543'), /does not encrypt/],
    [CBC.replace('cbc(aes)', 'ecb(cipher_null)'), /does not encrypt/],
    [CBC.replace('c3'.repeat(32), 'c3'.repeat(20)), /has 160 bits, not 128 or 192 or 256/],
    [CBC.replace('b2'.repeat(32), 'b2'.repeat(16)), /auth key of hmac\(sha256\) has 128 bits/],
    [`${CBC} 10.0.0.1 more`, /too many fields/],
    ['3+ rfc4106(gcm(aes))', /missing IPSec key or invalid format/],
  ])('%s', (line, problem) => {
    const { items } = decodeKeySecret(line);
    expect(
      items[0]?.problems.some((text) => problem.test(text)),
      items[0]?.problems.join('; '),
    ).toBe(true);
  });

  test('no key leaves the decoder, in any field', () => {
    for (const line of [
      GCM,
      CBC,
      `3+ ${K160} rfc4106(gcm(aes)) 128`,
      K160,
      `${GCM} ${K160} x y z`,
      `x: ${K160}`,
      `3+ ${K160}(aes) 00 128`,
      `data:\n  keys: ${btoa(GCM)}x!`,
    ])
      expect(JSON.stringify(decodeKeySecret(line)), line).not.toMatch(/a1a1a1a1|b2b2b2b2|c3c3c3c3|YTFhMW/);
  });

  test.skipIf(!haveFixtures).each(AGENTS)(`%s (${haveFixtures ? 'recorded' : WITHOUT_FIXTURES})`, (agent) => {
    const { items, unparsed } = decodeKeySecret(fixture(`cilium/${agent}/key-file.txt`));
    expect(unparsed).toEqual([]);
    expect(items).toMatchObject([
      {
        id: agent.startsWith('v1.18.3-wireguard') ? 4 : 3,
        perTunnelKeys: agent !== 'v1.14.5-ipsec-vxlan',
        aead: { name: 'rfc4106(gcm(aes))', bits: 160, icvBits: 128 },
        problems: [],
      },
    ]);
  });
});
