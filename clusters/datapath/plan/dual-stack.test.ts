import { describe, expect, test } from 'vitest';
import type { NodeDescription, PodDescription } from '../../../harness/model/cluster.ts';
import type { Family, Routing } from '../../../harness/model/mode.ts';
import { newIpsecKey } from '../keys/ipsec-key.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { filterPlace } from '../lifecycle/plan-difference.ts';
import { layoutProfile } from '../profile.ts';
import { clusterViews, perFamily, type View } from '../topology.ts';
import { ipsecRouteMtu } from './ipsec.ts';
import { type Encryption, nodePlan } from './node.ts';
import { resetPlan } from './reset.ts';
import { forcedScript, planScript } from './script.ts';

const NODES: NodeDescription[] = [1, 2].map((index) => ({
  name: `node${index}`,
  addresses: [`172.18.0.${index}`, `fd00:172:18::${index}`],
  podCidrs: [`10.0.${index}.0/24`, `fd00:10:0:${index}::/64`],
  internalAddresses: [`10.0.${index}.1`, `fd00:10:0:${index}::1`],
  uplink: 'eth0',
}));
const PODS: PodDescription[] = NODES.map((node, index) => ({
  name: `pod${index + 1}`,
  namespace: 'demo',
  node: node.name,
  addresses: [`10.0.${index + 1}.11`, `fd00:10:0:${index + 1}::b`],
  labels: {},
}));
const BOTH: readonly Family[] = ['ipv4', 'ipv6'];

function first(families: readonly Family[]): View {
  return clusterViews(NODES, PODS, families)[0] as View;
}

function ipsec(profile: string, tunnel = true): Encryption {
  const layout = layoutProfile(profile);
  const options = {
    profile: layout,
    key: newIpsecKey(3, layout.perTunnelKeys !== 'never'),
    bootId: (node: string) => node.padEnd(36, '-'),
    tunnel,
  };
  return { mode: 'ipsec', options };
}

const keys = new Map(NODES.map((node) => [node.name, newWireguardKey()]));
const wireguard = (profile: string, nodeEncryption = false): Encryption => ({
  mode: 'wireguard',
  options: { profile: layoutProfile(profile), nodeEncryption, key: (node) => keys.get(node)! },
});

describe('clusterViews', () => {
  test('IPv4 leads whatever the order, because tunnels run over a node’s first address', () => {
    const view = first(['ipv6', 'ipv4']);
    expect(perFamily(view).map(({ self }) => self.family)).toEqual(['ipv4', 'ipv6']);
    expect(perFamily(view).map(({ self }) => self.underlay)).toEqual(['172.18.0.1', '172.18.0.1']);
  });

  test('a peer has one node id, whatever the family', () => {
    expect(new Set(perFamily(first(BOTH)).map(({ peers }) => peers[0]?.id)).size).toBe(1);
  });

  test('one family of a dual stack cluster is set up as if it had no other', () => {
    expect(planScript(nodePlan({ mode: 'none' }, first(['ipv4']), 'vxlan'))).not.toMatch(/fd00|ip6|ipv6/);
  });

  test('no family and a missing address are refused', () => {
    expect(() => clusterViews(NODES, PODS, [])).toThrow(/at least one IP family/);
    const [node] = NODES as [NodeDescription];
    expect(() => clusterViews([{ ...node, podCidrs: ['10.0.1.0/24'] }], [], BOTH)).toThrow(/node1 has no ipv6 pod CIDR/);
  });
});

describe('IPsec with both families', () => {
  const lines = (profile: string, routing: Routing = 'vxlan') => nodePlan(ipsec(profile, routing !== 'native'), first(BOTH), routing);

  test('SAs of IPv6 run between cilium_host addresses; the pair between nodes is IPv4’s', () => {
    const ends = (profile: string, routing?: Routing) =>
      lines(profile, routing)
        .xfrm.filter((line) => line.startsWith('xfrm state'))
        .map((line) => /src (\S+) dst (\S+)/.exec(line)?.slice(1).join(' > '));
    const host = ['10.0.1.1 > 10.0.2.1', '10.0.2.1 > 10.0.1.1'];
    const host6 = ['fd00:10:0:1::1 > fd00:10:0:2::1', 'fd00:10:0:2::1 > fd00:10:0:1::1'];
    const node = ['172.18.0.1 > 172.18.0.2', '172.18.0.2 > 172.18.0.1'];
    expect(ends('1.18').sort()).toEqual([...host, ...host6, ...node].sort());
    expect(ends('1.18', 'native').sort()).toEqual([...host, ...host6].sort());
    expect(ends('1.14')).toEqual([host[0], '0.0.0.0 > 10.0.1.1', host6[0], ':: > fd00:10:0:1::1']);
  });

  test('each family has its out, in, fwd and block policy', () => {
    const policies = lines('1.17').xfrm.filter((line) => line.startsWith('xfrm policy') && line.includes('::'));
    expect(policies.map((line) => line.replace(/ mark 0x[0-9a-f]+3e00 mask 0xffffff00/, ''))).toEqual([
      'xfrm policy add src ::/0 dst fd00:10:0:2::/64 dir out tmpl src fd00:10:0:1::1 dst fd00:10:0:2::1 proto esp spi 3 reqid 1 mode tunnel',
      'xfrm policy add src ::/0 dst ::/0 dir out mark 0xe00 mask 0xf00 action block priority 100',
      'xfrm policy add src ::/0 dst ::/0 dir in tmpl src :: dst :: proto esp reqid 0 mode tunnel level use',
      'xfrm policy add src ::/0 dst ::/0 dir fwd priority 2975 tmpl src :: dst :: proto esp reqid 0 mode tunnel level use',
    ]);
  });

  test('rules go to ip -6, routes tell their family', () => {
    const plan = lines('1.18');
    expect(plan.ip6.filter((line) => line.startsWith('rule add pref 1 '))).toEqual([
      'rule add pref 1 fwmark 0xd00/0xf00 lookup 200',
      'rule add pref 1 fwmark 0xe00/0xf00 lookup 200',
    ]);
    expect(plan.ip).toContain('route replace local fd00:10:0:1::/64 dev cilium_vxlan table 200 proto kernel');
    expect(plan.ip).toContain('route replace fd00:10:0:2::/64 dev cilium_host table 200 proto kernel mtu 1450');
  });

  test('pods of IPv6 are marked by a map of their own', () => {
    const nft = lines('1.17').nft.join('\n');
    expect(nft).toMatch(/map pod_cidr_mark6 \{ type ipv6_addr : mark; .* fd00:10:0:2::\/64 : 0x[0-9a-f]+3e00 /);
    expect(nft).toContain('ip6 daddr != { fd00:10:0:2::1 } meta mark set ip6 daddr map @pod_cidr_mark6');
  });

  test('in tunnel mode IPv6 pod packets leave in IPv4', () => {
    const filter = lines('1.17').tc.find((line) => line.includes('dst_ip fd00:10:0:2::/64'));
    expect(filter).toMatch(/^filter add dev cilium_host egress pref 11 protocol ipv6 .* src_ip 172\.18\.0\.1 dst_ip 172\.18\.0\.2 /);
  });

  test('a preference holds one protocol', () => {
    for (const encryption of [ipsec('1.14'), wireguard('1.14'), wireguard('1.18', true)])
      for (const routing of ['vxlan', 'native'] as const) {
        const seen = new Map<string, string>();
        for (const line of nodePlan(encryption, first(BOTH), routing).tc) {
          const match = /^filter add (dev \S+ \S+ pref \d+) .*?protocol (\S+)/.exec(line);
          if (match === null) continue;
          const [, place = '', protocol = ''] = match;
          expect(seen.get(place) ?? protocol, line).toBe(protocol);
          seen.set(place, protocol);
        }
        expect(seen.size).toBeGreaterThan(0);
      }
  });
});

describe('WireGuard with both families', () => {
  const configuration = (profile: string, routing: Routing, families = BOTH) =>
    nodePlan(wireguard(profile), first(families), routing).wireguard[0]?.[1];

  test('allowed-ips hold both families, the endpoint stays IPv4', () => {
    expect(configuration('1.18', 'vxlan')).toContain('AllowedIPs = 172.18.0.2/32, fd00:172:18::2/128');
    expect(configuration('1.18', 'native')).toContain(
      'Endpoint = 172.18.0.2:51871\nAllowedIPs = 172.18.0.2/32, 10.0.2.1/32, 10.0.2.11/32, fd00:172:18::2/128, fd00:10:0:2::1/128, fd00:10:0:2::b/128',
    );
  });

  test('IPv6 alone has an IPv6 endpoint', () => {
    const nodes = NODES.map((node) => ({ ...node, addresses: node.addresses.slice(1) }));
    const view = clusterViews(nodes, PODS, ['ipv6'])[0] as View;
    expect(nodePlan(wireguard('1.18'), view, 'native').wireguard[0]?.[1]).toContain('Endpoint = [fd00:172:18::2]:51871\n');
  });

  test('with node encryption neighbour discovery passes before anything is redirected', () => {
    const { tc } = nodePlan(wireguard('1.18', true), first(BOTH), 'native');
    const preferences = tc
      .filter((line) => line.includes('protocol ipv6'))
      .map((line) => [Number(/pref (\d+)/.exec(line)?.[1]), /icmpv6 type/.test(line)] as const);
    const discovery = preferences.filter(([, nd]) => nd).map(([pref]) => pref);
    expect(discovery).toHaveLength(2);
    expect(Math.max(...discovery)).toBeLessThan(Math.min(...preferences.filter(([, nd]) => !nd).map(([pref]) => pref)));
  });
});

test('a reset takes the rules of both families away, and starts ip -6 only where IPv6 was set up', () => {
  const both = forcedScript(resetPlan(first(BOTH), { devices: true }));
  expect(both.match(/^rule del pref 9$/gm)).toHaveLength(2);
  expect(both).toContain('route del fd00:10:0:2::/64');
  expect(forcedScript(resetPlan(first(['ipv4']), { devices: true }))).not.toContain('ip -6');
});

test('a setting of a device is written once the device is there, defaults before it', () => {
  const script = planScript(nodePlan(ipsec('1.18', false), first(['ipv4']), 'native'));
  const at = (text: string) => script.indexOf(text);
  expect(at('conf/default/rp_filter')).toBeGreaterThan(0);
  expect(at('conf/default/rp_filter')).toBeLessThan(at('ip link add cilium_host'));
  expect(at('ip link add cilium_host')).toBeLessThan(at('conf/cilium_net/accept_local'));
});

test('the route MTU leaves room for the authentication that agents count', () => {
  const key = (kind: 'gcm-128' | 'gcm-256' | 'cbc-sha256') => newIpsecKey(3, true, kind);
  expect(ipsecRouteMtu('vxlan', key('gcm-128'))).toBe(1373);
  expect(ipsecRouteMtu('native', key('gcm-256'))).toBe(1423);
  expect(ipsecRouteMtu('vxlan', key('cbc-sha256'))).toBe(1325);
});

test('every filter for a peer can be replaced and deleted alone', () => {
  for (const encryption of [ipsec('1.14'), ipsec('1.18', false), wireguard('1.14'), wireguard('1.18', true)])
    for (const routing of ['vxlan', 'native'] as const)
      for (const line of nodePlan(encryption, first(BOTH), routing).tc)
        if (line.includes(' handle 0x') && !line.includes(' fw ')) expect(filterPlace(line), line).toBeDefined();
});
