import { describe, expect, test } from 'vitest';
import { AGENTS, agentFixture, fixture, fixtureNames, haveFixtures, WITHOUT_FIXTURES } from '../../testing/fixture.ts';
import { decodeIpLink } from './ip-link.ts';
import { decodeIpRoute, decodeIpRouteGet } from './ip-route.ts';
import { decodeIpRule } from './ip-rule.ts';
import { decodeProcCrypto } from './proc-crypto.ts';
import { decodeXfrmStat } from './xfrm-stat.ts';

describe('ip rule', () => {
  test('reads selectors and actions', () => {
    const text = `1:	from all fwmark 0xd00/0xf00 lookup 200
2:	not from all fwmark 0x1 lookup 51820 suppress_prefixlength 0
3:	from 10.0.0.0/8 to 10.1.0.1 iif lo oif eth0 ipproto tcp dport 443 unreachable proto kernel
4:	from all goto 100 [unresolved]
5:	from all iif gone [detached] lookup main
`;
    expect(decodeIpRule(text)).toEqual({
      items: [
        { priority: 1, from: 'all', invert: false, action: 'lookup', fwmark: 0xd00, fwmask: 0xf00, lookup: '200' },
        {
          priority: 2,
          from: 'all',
          invert: true,
          action: 'lookup',
          fwmark: 1,
          fwmask: 0xffffffff,
          lookup: '51820',
          extra: { suppress_prefixlength: '0' },
        },
        {
          priority: 3,
          from: '10.0.0.0/8',
          to: '10.1.0.1',
          iif: 'lo',
          oif: 'eth0',
          invert: false,
          action: 'unreachable',
          protocol: 'kernel',
          extra: { ipproto: 'tcp', dport: '443' },
        },
        { priority: 4, from: 'all', invert: false, action: 'goto 100', extra: { unresolved: 'true' } },
        { priority: 5, from: 'all', iif: 'gone', invert: false, action: 'lookup', lookup: 'main', extra: { detached: 'true' } },
      ],
      unparsed: [],
    });
  });

  test('a rule that was cut is not a rule', () => {
    for (const line of [
      '1:',
      '1:	from all fwmark',
      '1:	from all fwmark 0xd00/0xf00',
      '1:	from all lookup',
      '1:	from all fwmark 0xd00/0x lookup 200',
    ])
      expect(decodeIpRule(line), line).toEqual({ items: [], unparsed: [{ line: 1, text: line }] });
    expect(decodeIpRule('[{"priority":1,"src":"all"')).toEqual({ items: [], unparsed: [{ line: 1, text: '[{"priority":1,"src":"all"' }] });
  });
});

describe('ip route', () => {
  test('reads the answer of a get', () => {
    const text = '10.244.2.7 via 10.244.1.1 dev cilium_host table 200 src 10.244.1.1 mark 0xe00 uid 0 \n    cache mtu 1446 \n';
    expect(decodeIpRouteGet(text)).toMatchObject({
      items: [{ dst: '10.244.2.7', via: '10.244.1.1', dev: 'cilium_host', table: '200', src: '10.244.1.1', mark: 0xe00 }],
      unparsed: [],
    });
    expect(decodeIpRouteGet('local 10.0.0.1 dev lo table local src 10.0.0.1 uid 0 \n    cache <local> \n')).toMatchObject({
      items: [{ type: 'local', dev: 'lo', flags: ['local'] }],
      unparsed: [],
    });
    expect(decodeIpRouteGet('RTNETLINK answers: Network is unreachable\n')).toMatchObject({ items: [], unparsed: [{ line: 1 }] });
  });

  test('reads multipath, via another family, and types without a device', () => {
    const text = `default proto static metric 10 
	nexthop via 10.0.0.1 dev eth0 weight 1 
	nexthop via 10.0.1.1 dev eth1 weight 2 
10.9.0.0/16 via inet6 fe80::1 dev eth0 onlink
blackhole 10.8.0.0/16 
`;
    const { items, unparsed } = decodeIpRoute(text);
    expect(unparsed).toEqual([]);
    expect(items).toMatchObject([
      {
        dst: 'default',
        metric: 10,
        nexthops: [
          { via: '10.0.0.1', dev: 'eth0', weight: 1 },
          { via: '10.0.1.1', weight: 2 },
        ],
      },
      { via: 'fe80::1', flags: ['onlink'] },
      { type: 'blackhole', dst: '10.8.0.0/16' },
    ]);
  });

  test('a table that does not exist is empty', () => {
    expect(decodeIpRoute('Error: ipv4: FIB table does not exist.\nDump terminated\n')).toEqual({ items: [], unparsed: [] });
  });
});

describe('ip link', () => {
  test('text and JSON agree', () => {
    const text = `7: cilium_wg0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/none  promiscuity 0 allmulti 0 minmtu 0 maxmtu 2147483552 
    wireguard addrgenmode none numtxqueues 1
`;
    const json =
      '[{"ifindex":7,"ifname":"cilium_wg0","flags":["POINTOPOINT","NOARP","UP","LOWER_UP"],"mtu":1420,"operstate":"UNKNOWN","linkinfo":{"info_kind":"wireguard"}}]';
    const link = {
      name: 'cilium_wg0',
      index: 7,
      mtu: 1420,
      flags: ['POINTOPOINT', 'NOARP', 'UP', 'LOWER_UP'],
      state: 'UNKNOWN',
      kind: 'wireguard',
      addresses: [],
    };
    expect(decodeIpLink(text)).toEqual({ items: [link], unparsed: [] });
    expect(decodeIpLink(text.trim().replaceAll('\n', '\\'))).toEqual({ items: [link], unparsed: [] });
    expect(decodeIpLink(json)).toEqual({ items: [link], unparsed: [] });
  });
});

describe.skipIf(!haveFixtures)(`ip of the fixtures (${haveFixtures ? 'present' : WITHOUT_FIXTURES})`, () => {
  const RULES: Record<string, number> = {
    'cilium-1.9-eni-111.txt': 1,
    'cilium-vtep-202.txt': 7,
    'cilium-wg-201-prerelease.txt': 1,
    'local__detail-d.txt': 9,
    'local__ipsec-1.18-v6.json': 5,
    'local__ipsec-1.18.json': 9,
    'local__ipsec-1.18.txt': 9,
    'local__ipsec-1.19.txt': 8,
    'local__noipsec.txt': 7,
    'ovnk-egressip.txt': 5,
    'ovnk-egresssvc.txt': 3,
    'vbernat-iif-named.txt': 8,
  };

  test.each(fixtureNames('ip-rule'))('ip-rule/%s', (name) => {
    const { items, unparsed } = decodeIpRule(fixture(`ip-rule/${name}`));
    expect(items).toHaveLength(RULES[name] ?? -1);
    // One author cut his listing with three dots.
    expect(unparsed.map(({ text }) => text)).toEqual(name === 'cilium-wg-201-prerelease.txt' ? ['...'] : []);
  });

  test('rules as text and as JSON agree', () => {
    expect(decodeIpRule(fixture('ip-rule/local__ipsec-1.18.json')).items).toEqual(
      decodeIpRule(fixture('ip-rule/local__ipsec-1.18.txt')).items,
    );
    expect(decodeIpRule(fixture('ip-rule/ovnk-egressip.txt')).items[1]).toMatchObject({
      fwmark: 0x1745ec,
      fwmask: 0xffffffff,
      lookup: '7',
    });
  });

  const ROUTES: Record<string, number> = { 'local__200.json': 2, 'local__200.txt': 2, 'local__all-tables.txt': 18 };

  test.each(fixtureNames('ip-route'))('ip-route/%s', (name) => {
    const { items, unparsed } = decodeIpRoute(fixture(`ip-route/${name}`));
    expect(unparsed).toEqual([]);
    expect(items).toHaveLength(ROUTES[name] ?? 1);
  });

  test('routes as text and as JSON agree', () => {
    const routes = decodeIpRoute(fixture('ip-route/local__200.json')).items;
    expect(decodeIpRoute(fixture('ip-route/local__200.txt')).items).toEqual(routes);
    expect(routes).toMatchObject([
      { type: 'local', dst: '10.244.1.0/24', dev: 'cilium_host', protocol: '50', scope: 'host' },
      { dst: '10.244.2.0/24', mtu: 1446 },
    ]);
  });

  test.each(fixtureNames('xfrm-stat'))('xfrm-stat/%s', (name) => {
    const { items, unparsed } = decodeXfrmStat(fixture(`xfrm-stat/${name}`));
    const readable = /^(?:local__kernel|lsw|procfs)/.test(name);
    expect(items.length > 0).toBe(readable);
    expect(unparsed.length === 0).toBe(readable);
    if (name === 'procfs-fixture.txt') expect(items).toContainEqual({ name: 'XfrmOutStateModeError', value: 4 });
    if (name.startsWith('lswnz')) expect(items).toEqual([{ name: 'XfrmInTmplMismatch', value: 1 }]);
  });

  test.each(AGENTS)('%s', (agent) => {
    for (const [name, decode] of [
      ['ip-rule', decodeIpRule],
      ['ip-rule-j', decodeIpRule],
      ['ip6-rule', decodeIpRule],
      ['route', decodeIpRoute],
      ['route6', decodeIpRoute],
      ['route-all', decodeIpRoute],
      ['route6-all', decodeIpRoute],
      ['link', decodeIpLink],
      ['addr', decodeIpLink],
      ['crypto', decodeProcCrypto],
      ['xfrm-stat', decodeXfrmStat],
    ] as const) {
      const { items, unparsed } = decode(agentFixture(agent, name));
      expect(unparsed, name).toEqual([]);
      expect(items.length, name).toBeGreaterThan(1);
    }
    expect(decodeIpRule(agentFixture(agent, 'ip-rule-j')).items).toEqual(decodeIpRule(agentFixture(agent, 'ip-rule')).items);
    const marks = decodeIpRule(agentFixture(agent, 'ip-rule')).items.flatMap(({ fwmark, lookup }) => (lookup === '200' ? [fwmark] : []));
    expect(marks).toEqual(agent.includes('wireguard') ? [] : agent.startsWith('v1.20') ? [0xd00] : [0xd00, 0xe00]);
    // The recorder wrote the exit code and the command lines between the outputs.
    const table = decodeIpRoute(agentFixture(agent, 'route-200'));
    expect(table.unparsed.map(({ text }) => text)).toEqual(['exit 2']);
    expect(table.items).toHaveLength(agent.includes('wireguard') ? 0 : 2);
    const answers = decodeIpRouteGet(agentFixture(agent, 'route-get'));
    expect(answers.items).toHaveLength(9);
    for (const { text } of answers.unparsed) expect(text).toMatch(/^# ip -j route get/);
    const links = decodeIpLink(agentFixture(agent, 'link')).items;
    expect(links).toContainEqual(expect.objectContaining({ name: 'cilium_host', peer: 'cilium_net', kind: 'veth' }));
    expect(links.some(({ kind }) => kind === 'wireguard')).toBe(agent.includes('wireguard'));
    expect(decodeIpLink(agentFixture(agent, 'addr')).items.find(({ name }) => name === 'eth0')?.addresses).toContain('192.168.77.11/24');
  });
});

test('the table of a VRF is the same in text and in JSON, and numbers of `ip -N` are names', () => {
  const text = decodeIpRule('1000:\tfrom all lookup [l3mdev-table]\n');
  const json = decodeIpRule('[{"priority":1000,"src":"all","l3mdev":null}]');
  expect([text.unparsed, json.unparsed]).toEqual([[], []]);
  expect(json.items).toEqual(text.items);
  expect(decodeIpRule('0:\tfrom all lookup 255 proto 2\n').items).toEqual(decodeIpRule('0:\tfrom all lookup local proto kernel\n').items);
  expect(decodeIpRoute('local 10.0.0.1 dev lo table 255 proto 2 scope 254 src 10.0.0.1\n').items).toEqual(
    decodeIpRoute('local 10.0.0.1 dev lo table local proto kernel scope host src 10.0.0.1\n').items,
  );
});
