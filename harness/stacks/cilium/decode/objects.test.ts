import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, haveFixtures, WITHOUT_FIXTURES } from '../../../testing/fixture.ts';
import { decodeCiliumConfig } from './cilium-config.ts';
import { decodeCiliumNodes } from './cilium-nodes.ts';
import { decodeIpcache } from './ipcache.ts';
import { decodeNodeList } from './node-list.ts';

describe('cilium config', () => {
  test('two columns, an empty value, a ConfigMap', () => {
    const entries = [
      { key: 'enable-ipsec', value: 'true' },
      { key: 'devices', value: '' },
      { key: 'cluster-pool-ipv4-cidr', value: '10.0.0.0/8 10.2.0.0/16' },
    ];
    expect(decodeCiliumConfig('enable-ipsec              true\ndevices    \ncluster-pool-ipv4-cidr    10.0.0.0/8 10.2.0.0/16\n')).toEqual({
      items: entries,
      unparsed: [],
    });
    expect(
      decodeCiliumConfig(
        'apiVersion: v1\nkind: ConfigMap\ndata:\n  enable-ipsec: "true"\n  devices: ""\n  cluster-pool-ipv4-cidr: 10.0.0.0/8 10.2.0.0/16\n',
      ),
    ).toEqual({
      items: entries,
      unparsed: [],
    });
  });

  test('a sentence is not an option', () => {
    expect(decodeCiliumConfig('unable to reach the agent\nrefused\n')).toMatchObject({ items: [], unparsed: [{ line: 1 }, { line: 2 }] });
  });
});

describe('CiliumNode', () => {
  test('the key: absent, zero, and left out because it is zero', () => {
    const node = (spec: string) => decodeCiliumNodes(`kind: CiliumNode\nmetadata: {name: n}\nspec: ${spec}\n`).items[0]?.encryptionKey;
    expect([node('{}'), node('{encryption: {}}'), node('{encryption: {key: 0}}'), node('{encryption: {key: 255}}')]).toEqual([
      undefined,
      0,
      0,
      255,
    ]);
  });

  test('another kind, a damaged text, an alias bomb: nothing', () => {
    expect(decodeCiliumNodes('kind: Node\nmetadata: {name: n}\n')).toMatchObject({ items: [], unparsed: [{ line: 1 }] });
    expect(decodeCiliumNodes('kind: CiliumNode\nmetadata: {name: n\n').items).toEqual([]);
    expect(decodeCiliumNodes('a: &a [x, x]\nb: [*a, *a]\nkind: CiliumNode\nmetadata: {name: n}\n').items).toEqual([]);
    expect(decodeCiliumNodes('')).toEqual({ items: [], unparsed: [] });
  });
});

describe('ipcache', () => {
  test('a row that was cut is not a row', () => {
    expect(decodeIpcache('IP PREFIX/ADDRESS   IDENTITY\n10.0.0.1/32   identity=6 encryptkey=\n')).toMatchObject({
      items: [],
      unparsed: [{ line: 2 }],
    });
  });
});

describe.skipIf(!haveFixtures)(`objects of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  test('single files', () => {
    expect(decodeCiliumConfig(fixture('config/cm-json-1.20-third-party.json')).items).toEqual([
      { key: 'enable-wireguard', value: 'true' },
      { key: 'encrypt-node', value: 'true' },
      { key: 'routing-mode', value: 'tunnel' },
    ]);
    expect(decodeCiliumNodes(fixture('ciliumnode/1.13-jq-annotations.json')).items).toMatchObject([
      { name: '', wireguardPublicKey: 'HMfZu016CF/0EYMl0tACI3qeaT2TePs831EfJZmzdQw=' },
    ]);
    expect(decodeIpcache(fixture('ipcache/1.12-scope-v6.txt'))).toMatchObject({
      items: [{ prefix: '2001:1620:665:0:1ac0:4dff:fe09:c164/128' }, {}, {}, {}],
      unparsed: [],
    });
    expect(decodeIpcache(fixture('ipcache/1.17-update-echo.txt'))).toMatchObject({ items: [{ encryptKey: 255, flags: [] }], unparsed: [] });
    expect(decodeNodeList(fixture('node-list/ciliumnodes-eks.txt'))).toMatchObject({
      items: [{ addresses: ['192.168.19.240', '192.168.20.215'] }, {}],
      unparsed: [],
    });
  });

  test.each(AGENTS)('%s', (agent) => {
    const wireguard = agent.includes('wireguard');
    const listed = decodeCiliumConfig(agentFixture(agent, 'config'));
    const map = decodeCiliumConfig(fixture(`cilium/${agent}/cilium-config.yaml`));
    expect([listed.unparsed, map.unparsed]).toEqual([[], []]);
    expect(listed.items.length).toBeGreaterThan(200);
    expect(map.items).toContainEqual({ key: wireguard ? 'enable-wireguard' : 'enable-ipsec', value: 'true' });
    const nodes = decodeCiliumNodes(fixture(`cilium/${agent}/ciliumnodes.yaml`));
    expect(nodes.unparsed).toEqual([]);
    expect(nodes.items.map(({ name }) => name)).toEqual(['node1', 'node2']);
    for (const node of nodes.items) {
      expect(node.addresses.map(({ type }) => type)).toContain('CiliumInternalIP');
      expect(node.podCidrs).toHaveLength(1);
      expect(node.encryptionKey).toBe(wireguard ? (agent.startsWith('v1.14') ? 0 : 255) : 3);
      expect(node.wireguardPublicKey !== undefined).toBe(wireguard);
      expect(node.bootId !== undefined).toBe(!agent.startsWith('v1.14'));
    }
    const core = decodeCiliumNodes(fixture(`cilium/${agent}/nodes.yaml`));
    expect([core.items.length, core.unparsed.length]).toEqual([0, 2]);
    const [cache, cacheJson] = [decodeIpcache(agentFixture(agent, 'ipcache')), decodeIpcache(agentFixture(agent, 'ipcache-json'))];
    expect([cache.unparsed, cacheJson.unparsed]).toEqual([[], []]);
    const sorted = (items: typeof cache.items) => [...items].sort((a, b) => a.prefix.localeCompare(b.prefix));
    expect(sorted(cacheJson.items)).toEqual(sorted(cache.items));
    expect(cache.items.some(({ encryptKey }) => encryptKey === (wireguard ? 255 : 3))).toBe(true);
    const [rows, rowsJson] = [decodeNodeList(agentFixture(agent, 'node-list')), decodeNodeList(agentFixture(agent, 'node-list-json'))];
    expect([rows.unparsed, rowsJson.unparsed]).toEqual([[], []]);
    expect(rows.items).toMatchObject([
      { name: 'node1', addresses: ['192.168.77.11', 'fd77::11'] },
      { name: 'node2', addresses: ['192.168.77.12', 'fd77::12'] },
    ]);
    expect(new Set(rowsJson.items.map(({ name }) => name))).toEqual(new Set(['node1', 'node2']));
  });
});
