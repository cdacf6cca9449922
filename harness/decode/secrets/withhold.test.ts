import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyText } from '../../testing/any-text.ts';
import { AGENTS, agentFixture, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { withholdLog, withholdSecrets, withholdSettings } from './withhold.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 8) & 0xff)).toString('base64');

describe('settings', () => {
  test.each([
    ['kvstore-password: swordfish', 'swordfish'],
    ['  my-api-token: swordfish', 'swordfish'],
    ['DB_PASSWORD=hunter2hunter', 'hunter2'],
    [`WG_KEY: ${KEY}`, KEY.slice(0, 12)],
    ['anything: aB3dE5fG7hI9jK1lM3nO5p', 'aB3dE5fG7h'],
    [`anything: ${'0f'.repeat(16)}`, '0f0f0f'],
    ['kvstore-opt: \'{"etcd.config":"/x","password":"hunter2hunter"}\'', 'hunter2'],
    ['  oidc-client-secret: |\n    swordfish\n    more\n  next: 1', 'swordfish'],
    ['HubbleToken                       : swordfish', 'swordfish'],
    ['debug-token  swordfish', 'swordfish'],
    ['aB3dE5fG7hI9jK1lM3nO5p', 'aB3dE5fG7h'],
    ['Etcd2AccessTokenPassword\n\tdefault : swordfish', 'swordfish'],
  ])('%j', (text, secret) => {
    const held = withholdSettings(text);
    expect(held).toContain('<withheld');
    expect(held).not.toContain(secret);
    expect(held.split('\n')).toHaveLength(text.split('\n').length);
  });

  test.each([
    'enable-ipsec: "true"',
    'ipsec-key-file: /etc/ipsec/keys',
    'IPSecKeyFile                      : /etc/cilium/ipsec/keys',
    'IPsecKeyRotationDuration          : 300000000000',
    'BGPSecretsNamespace               : kube-system',
    'EnvoySecretNamespaces             : []',
    'AgentNotReadyNodeTaintKey         : node.cilium.io/agent-not-ready',
    'cluster-pool-ipv4-cidr: 10.244.0.0/16',
    'hubble-token: ""',
    'IPv4NativeRoutingCIDR\n\tIP                        : 10.244.0.0\n\tMask                      : //8AAA==',
  ])('%j stays', (text) => expect(withholdSettings(text)).toBe(text));

  test.skipIf(!haveFixtures).each(AGENTS)(
    `nothing is removed from the outputs of %s (${haveFixtures ? 'recorded' : WITHOUT_FIXTURES})`,
    (agent) => {
      expect(withholdSettings(agentFixture(agent, 'config'))).toBe(agentFixture(agent, 'config'));
      for (const name of [
        'status',
        'status-verbose',
        'encrypt-status',
        'ipcache',
        'route-all',
        'link',
        'node-list',
        'wg-show',
        'xfrm-policy-s',
      ])
        expect(withholdSecrets(agentFixture(agent, name)), name).toBe(agentFixture(agent, name));
    },
  );

  test('any text: as many lines as before, and twice is once', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), fc.lorem({ mode: 'sentences' }), fc.json()), (text) => {
        const held = withholdSettings(text);
        expect(withholdSettings(held)).toBe(held);
      }),
    );
  });
});

test('in any output names stay and values are removed', () => {
  expect(withholdSecrets('export PGPASSWORD=hunter22 && x')).toBe('export PGPASSWORD=<withheld:named-password> && x');
  expect(withholdSecrets(`Authorization: Bearer ${'a1'.repeat(12)}`)).toBe('Authorization: <withheld:bearer-token>');
  expect(withholdSecrets(`peer public ${KEY}`)).toContain(KEY);
});

test.each(['psk', 'pSk', 'PSk'])('a public key that ends with %s= names no value', (end) => {
  const key = `${KEY.slice(0, 40)}${end}=`;
  for (const text of [
    `\tPublic key: ${key}\n\tNumber of peers: 1`,
    `${key}\t172.18.0.2:51871\n`,
    `peer: ${key}\n  endpoint: 10.0.0.1:51871`,
  ])
    expect(withholdSecrets(text)).toBe(text);
});

describe('of a log', () => {
  const HEX = 'ab12'.repeat(10);
  test.each([
    ['text', `time=2026-01-01T00:00:00Z level=warn msg="bad key" key="3+ rfc4106(gcm(aes)) ${HEX} 128"`],
    ['JSON', JSON.stringify({ level: 'error', msg: 'failed', token: `x${HEX}`, peer: KEY })],
    ['klog', `W0101 00:00:00.000000 1 x.go:1] auth-trunc hmac(sha256) 0x${HEX} 128`],
    ['a token without a name', 'level=info msg="got Zx81kQpL2mNv7Rt5YwAs9BcD"'],
  ])('%s: keys and tokens are removed, the message stays', (_, line) => {
    const held = withholdLog(line);
    for (const secret of [HEX, KEY, 'Zx81kQpL2mNv7Rt5YwAs9BcD']) expect(held).not.toContain(secret);
    expect(held).toMatch(/level|W0101/);
    expect(withholdLog(held)).toBe(held);
  });
});

test('a certificate stays, also where its base64 ends with the letters of a name', () => {
  const pem = '-----BEGIN CERTIFICATE-----\nMIIBijCCATCg\nTDxkF78ltFpBrHuFPSk=\n-----END CERTIFICATE-----\n';
  expect(withholdSecrets(pem)).toBe(pem);
  expect(withholdSecrets('psk=\nhunter2hunter')).toContain('<withheld');
});
