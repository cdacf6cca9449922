import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, fixtureNames, haveFixtures, WITHOUT_FIXTURES } from '../../../testing/fixture.ts';
import { decodeCiliumStatus } from './cilium-status.ts';

const mode = (text: string) => decodeCiliumStatus(text).items.map(({ encryption }) => encryption.mode);

describe('cilium status', () => {
  test('the external CLI says nothing about encryption: unknown, not Disabled', () => {
    const text = `    /¯¯\\
 /¯¯\\__/¯¯\\    Cilium:             OK
 \\__/¯¯\\__/    Operator:           OK
 /¯¯\\__/¯¯\\    Envoy DaemonSet:    OK
 \\__/¯¯\\__/    Hubble Relay:       disabled
    \\__/       ClusterMesh:        disabled

DaemonSet              cilium                   Desired: 2, Ready: 2/2, Available: 2/2
Containers:            cilium                   Running: 2
                       cilium-operator          Running: 1
Cluster Pods:          3/3 managed by Cilium
Helm chart version:    1.18.3
`;
    const { items, unparsed } = decodeCiliumStatus(text);
    expect(unparsed).toEqual([]);
    expect(items).toHaveLength(1);
    expect(items[0]?.encryption).toEqual({ mode: 'unknown', interfaces: [] });
    expect(items[0]?.fields).toMatchObject({ Cilium: 'OK', 'Cluster Pods': '3/3 managed by Cilium' });
  });

  test('a value that is not one of Cilium’s is unknown and reported', () => {
    expect(decodeCiliumStatus('Encryption:   Wire\n')).toMatchObject({
      items: [{ encryption: { mode: 'unknown' } }],
      unparsed: [{ line: 1 }],
    });
    expect(decodeCiliumStatus('Encryption:   Wireguard [cilium_wg0 (Pubkey: abc, Po\n')).toMatchObject({
      items: [{ encryption: { interfaces: [] } }],
      unparsed: [{ line: 1 }],
    });
    expect(mode('Encryption:\n')).toEqual(['unknown']);
    expect(mode('Error: Cannot connect to the agent\n')).toEqual([]);
    expect(mode('')).toEqual([]);
    expect(mode('{"encryption": {"mode": "IPsec"')).toEqual([]);
  });

  test('trailing blanks and TABs', () =>
    expect([...mode('Encryption:\tIPsec   \n'), ...mode('Encryption: Ztunnel\t\n')]).toEqual(['ipsec', 'other']));

  test('reads the version and the routing', () => {
    const text = 'Cilium:   Ok   1.18.3 (v1.18.3-d0fa8ab2)\nRouting:   Network: Tunnel [geneve]   Host: BPF\n';
    expect(decodeCiliumStatus(text).items).toMatchObject([{ version: '1.18.3', routing: 'geneve' }]);
    expect(decodeCiliumStatus('{"routing": {"inter-host-routing-mode": "Native", "tunnel-protocol": "vxlan"}}').items[0]?.routing).toBe(
      'native',
    );
  });
});

describe.skipIf(!haveFixtures)(`cilium status of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  const MODES: Record<string, string[]> = {
    '1.10-three-forms.txt': ['none', 'ipsec', 'wireguard'],
    'acend-1.12-wg.txt': ['wireguard'],
  };

  test.each(fixtureNames('cilium-status'))('%s', (name) => {
    const text = fixture(`cilium-status/${name}`);
    expect(mode(text)).toEqual(MODES[name] ?? ['none']);
    // One is the tail of an output: five rows of a table whose heading was cut off.
    expect(decodeCiliumStatus(text).unparsed).toHaveLength(name.startsWith('littlejo') ? 5 : 0);
  });

  test('the old WireGuard form', () => {
    expect(decodeCiliumStatus(fixture('cilium-status/acend-1.12-wg.txt')).items[0]?.encryption).toMatchObject({
      interfaces: [{ name: 'cilium_wg0', publicKey: 'XbTJd5Gnp7F8cG2Ymj6q11dBx8OtP1J5ZOAhswPiYAc=', listenPort: 51871, peerCount: 1 }],
    });
  });

  test.each(AGENTS)('%s', (agent) => {
    for (const name of ['status', 'status-verbose', 'status-json']) {
      const { items, unparsed } = decodeCiliumStatus(agentFixture(agent, name));
      expect(unparsed, name).toEqual([]);
      expect(items, name).toHaveLength(1);
      expect(items[0]?.encryption.mode).toBe(agent.includes('wireguard') ? 'wireguard' : 'ipsec');
      expect(items[0]?.routing).toBe(agent.startsWith('v1.14') ? undefined : 'vxlan');
      if (agent.includes('wireguard')) {
        expect(items[0]?.encryption.nodeEncryption).toBe(agent.includes('nodeenc') ? 'Enabled' : 'Disabled');
        expect(items[0]?.encryption.interfaces).toMatchObject([{ name: 'cilium_wg0', listenPort: 51871, peerCount: 1 }]);
      }
    }
  });
});

test('a key in a field of a status is not shown; a public key is', () => {
  const key = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 8) & 0xff)).toString('base64');
  for (const text of [
    `Encryption: Wireguard\nPrivateKey: ${key}\n`,
    `Encryption: Wireguard\nDetails: PrivateKey=${key}\n`,
    JSON.stringify({
      encryption: { mode: 'wireguard' },
      PrivateKey: key,
      other: { state: `private_key=${Buffer.from(key, 'base64').toString('hex')}` },
    }),
  ]) {
    const shown = JSON.stringify(decodeCiliumStatus(text));
    expect(shown).not.toContain(key.slice(0, 10));
    expect(shown).not.toContain(Buffer.from(key, 'base64').toString('hex').slice(0, 10));
  }
  const own = `Encryption: Wireguard [NodeEncryption: Disabled, cilium_wg0 (Pubkey: ${key}, Port: 51871, Peers: 2)]\n`;
  expect(JSON.stringify(decodeCiliumStatus(own))).toContain(key);
});
