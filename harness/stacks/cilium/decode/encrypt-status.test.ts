import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, fixtureNames, haveFixtures, WITHOUT_FIXTURES } from '../../../testing/fixture.ts';
import { decodeEncryptStatus } from './encrypt-status.ts';

describe('encrypt status', () => {
  test('reads errors by name', () => {
    const text =
      'Encryption: IPsec\nKeys in use: 2\nMax Seq. Number: 0x66c/0xffffffff\nErrors: 3\n\tXfrmInNoStates: 2\n\tXfrmInHdrError: 1\n';
    expect(decodeEncryptStatus(text)).toEqual({
      items: [
        {
          mode: 'ipsec',
          keysInUse: 2,
          maxSeq: { value: '0x66c', limit: '0xffffffff' },
          errorCount: 3,
          errors: { XfrmInNoStates: 2, XfrmInHdrError: 1 },
        },
      ],
      unparsed: [],
    });
  });

  test('a value that was cut is not taken', () => {
    const { items, unparsed } = decodeEncryptStatus('Encryption: IPsec\nKeys in use: \nMax Seq. Number: 0x6\n');
    expect(items).toEqual([{ mode: 'ipsec', errors: {} }]);
    expect(unparsed.map(({ line }) => line)).toEqual([2, 3]);
    expect(decodeEncryptStatus('Encryption: \n')).toMatchObject({ items: [{ mode: 'unknown' }], unparsed: [{ line: 1 }] });
    expect(decodeEncryptStatus('{"mode":').items).toEqual([]);
    expect(decodeEncryptStatus('[]')).toMatchObject({ items: [], unparsed: [{ line: 1 }] });
  });

  test('the external CLI reports several nodes', () => {
    const text = 'Node: a\nEncryption: IPsec\nIPsec keys in use: 8\n\nNode: b\nEncryption: Disabled\n';
    expect(decodeEncryptStatus(text).items).toMatchObject([
      { node: 'a', mode: 'ipsec', keysInUse: 8 },
      { node: 'b', mode: 'none' },
    ]);
  });
});

describe.skipIf(!haveFixtures)(`encrypt status of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  const EXPECTED: Record<string, unknown> = {
    '1.15-decrypt-ifaces.txt': {
      mode: 'ipsec',
      decryptionInterfaces: ['eth0', 'eth1', 'eth2'],
      keysInUse: 1,
      maxSeq: { value: '0x6e', limit: '0xffffffff' },
      errorCount: 0,
    },
    'cli-1.16-pernode-1.txt': {
      node: 'cilium-testing-worker',
      mode: 'ipsec',
      keysInUse: 8,
      expectedKeys: 8,
      maxSeq: null,
      perNodeKey: true,
      errorCount: 0,
    },
    'ut-disabled.json': { mode: 'none' },
    'ut-ipsec-2err.json': { mode: 'ipsec', keysInUse: 2, errorCount: 3, errors: { XfrmInNoState: 2, XfrmInHdrError: 1 } },
    'ut-ipsec-na.json': { mode: 'ipsec', keysInUse: 1, errorCount: 0, maxSeq: null },
    'ut-wg-empty.json': { mode: 'wireguard', wireguard: { interfaces: [] } },
  };

  test.each(fixtureNames('encrypt-status'))('%s', (name) => {
    expect(EXPECTED).toHaveProperty([name]);
    expect(decodeEncryptStatus(fixture(`encrypt-status/${name}`))).toMatchObject({ items: [EXPECTED[name]], unparsed: [] });
  });

  test.each(AGENTS)('%s', (agent) => {
    const [text, json] = [
      decodeEncryptStatus(agentFixture(agent, 'encrypt-status')),
      decodeEncryptStatus(agentFixture(agent, 'encrypt-status-json')),
    ];
    expect(text.unparsed).toEqual([]);
    expect(json).toEqual(text);
    if (agent.includes('wireguard'))
      expect(text.items).toMatchObject([{ mode: 'wireguard', wireguard: { interfaces: [{ name: 'cilium_wg0', peerCount: 1 }] } }]);
    else
      expect(text.items).toMatchObject([
        {
          mode: 'ipsec',
          keysInUse: agent.startsWith('v1.14') ? 1 : 4,
          errorCount: 0,
          // 1.17 prints the 32-bit limit although its SAs have ESN.
          maxSeq: { limit: /^v1\.1[47]/.test(agent) ? '0xffffffff' : '0xffffffffffffffff' },
          decryptionInterfaces: agent.startsWith('v1.14') ? [] : ['eth0'],
        },
      ]);
  });
});
