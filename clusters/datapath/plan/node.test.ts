import { describe, expect, test } from 'vitest';
import type { PodDescription } from '../../../harness/model/cluster.ts';
import { newIpsecKey } from '../keys/ipsec-key.ts';
import { newWireguardKey } from '../keys/wireguard-key.ts';
import { layoutProfile } from '../profile.ts';
import { plannedNodes } from '../testdata/planned-nodes.ts';
import { sites, type View, views } from '../topology.ts';
import type { IpsecOptions } from './ipsec-states.ts';
import { nodePlan } from './node.ts';
import { planScript } from './script.ts';

const NODES = plannedNodes(3);
const PODS: PodDescription[] = NODES.map((node, index) => ({
  name: `pod${index + 1}`,
  namespace: 'demo',
  node: node.name,
  addresses: [`10.0.${index + 1}.11`],
  labels: {},
}));
const VIEWS = views(sites(NODES, PODS, 'ipv4'));
const FIRST = VIEWS[0] as View;

function ipsec(profile: string, tunnel = true): IpsecOptions {
  const layout = layoutProfile(profile);
  return { profile: layout, key: newIpsecKey(3, layout.perTunnelKeys !== 'never'), bootId: (node) => node.padEnd(36, '-'), tunnel };
}

const lines = (profile: string) => nodePlan({ mode: 'ipsec', options: ipsec(profile) }, FIRST, 'vxlan').xfrm;
const states = (profile: string) => lines(profile).filter((line) => line.startsWith('xfrm state'));
const policies = (profile: string) => lines(profile).filter((line) => line.startsWith('xfrm policy'));

describe('IPsec of node1 in a cluster of three', () => {
  test('1.14 has an out SA a peer and one in SA for all, all with one key', () => {
    const all = states('1.14');
    expect(all.length).toBe(3);
    expect(all[2]).toMatch(/^xfrm state add src 0\.0\.0\.0 dst 10\.0\.1\.1 .* replay-window 0 mark 0xd00 mask 0xf00 output-mark 0xd00 /);
    expect(new Set(all.map((line) => /0x[0-9a-f]{40}/.exec(line)?.[0])).size).toBe(1);
  });

  test('1.17 has four SAs a peer, each with its own key and ESN', () => {
    const all = states('1.17');
    expect(all.length).toBe(8);
    expect(new Set(all.map((line) => /0x[0-9a-f]{40}/.exec(line)?.[0])).size).toBe(8);
    for (const line of all) expect(line).toContain('replay-window 1024 flag esn');
    expect(all.filter((line) => /mark 0x[0-9a-f]+3e00 mask 0xffffff00 output-mark 0xe00 mask 0xffffff00/.test(line)).length).toBe(4);
    expect(all.filter((line) => /mark 0x[0-9a-f]+0d00 mask 0xffff0f00 output-mark 0xd00 mask 0xffffff00/.test(line)).length).toBe(4);
  });

  test('both ends of a tunnel agree on its keys', () => {
    const options = ipsec('1.18');
    const keys = VIEWS.map(
      (view) =>
        new Map(
          nodePlan({ mode: 'ipsec', options }, view, 'vxlan')
            .xfrm.filter((line) => line.startsWith('xfrm state'))
            .map((line) => [/src \S+ dst \S+/.exec(line)?.[0] ?? '', /0x[0-9a-f]{40}/.exec(line)?.[0]]),
        ),
    );
    for (const [ends, key] of keys[0] ?? []) expect((keys[1]?.get(ends) ?? keys[2]?.get(ends)) === key, ends).toBe(true);
  });

  test('the block policy is always there', () => {
    for (const profile of ['1.14', '1.16', '1.17', '1.18', '1.20']) {
      expect(policies(profile)).toContain(
        'xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir out mark 0xe00 mask 0xf00 action block priority 100',
      );
    }
  });

  test('in policies: own pod CIDR with two marks in 1.14, one wildcard from 1.17', () => {
    expect(policies('1.14').filter((line) => line.includes('dir in')).length).toBe(2);
    expect(policies('1.17').filter((line) => line.includes('dir in'))).toEqual([
      'xfrm policy add src 0.0.0.0/0 dst 0.0.0.0/0 dir in tmpl src 0.0.0.0 dst 0.0.0.0 proto esp reqid 0 mode tunnel level use',
    ]);
  });

  test('the 0xe00 rule is gone in 1.20', () => {
    const rules = (profile: string) =>
      nodePlan({ mode: 'ipsec', options: ipsec(profile) }, FIRST, 'vxlan').ip.filter((line) => line.startsWith('rule add pref 1 '));
    expect(rules('1.18').length).toBe(2);
    expect(rules('1.20')).toEqual(['rule add pref 1 fwmark 0xd00/0xf00 lookup 200']);
  });

  test('native has no node pair and no tunnel device', () => {
    const plan = nodePlan({ mode: 'ipsec', options: ipsec('1.18', false) }, FIRST, 'native');
    expect(plan.xfrm.filter((line) => line.startsWith('xfrm state')).length).toBe(4);
    expect(plan.devices.map(([name]) => name)).toEqual(['cilium_host']);
    expect(plan.ip).toContain('route replace local 10.0.1.0/24 dev eth0 table 200 proto kernel scope host');
  });
});

describe('WireGuard of node1', () => {
  const keys = new Map(NODES.map((node) => [node.name, newWireguardKey()]));
  const configuration = (profile: string, routing: 'vxlan' | 'native') => {
    const options = { profile: layoutProfile(profile), nodeEncryption: false, key: (node: string) => keys.get(node)! };
    return nodePlan({ mode: 'wireguard', options }, FIRST, routing).wireguard[0]?.[1] ?? '';
  };

  test('1.14 allows node, cilium_host and pods; 1.18 in tunnel mode the node only', () => {
    expect(configuration('1.14', 'vxlan')).toContain('AllowedIPs = 172.18.0.2/32, 10.0.2.1/32, 10.0.2.11/32\n');
    expect(configuration('1.18', 'vxlan')).toContain('AllowedIPs = 172.18.0.2/32\n');
    expect(configuration('1.18', 'native')).toContain('AllowedIPs = 172.18.0.2/32, 10.0.2.1/32, 10.0.2.11/32\n');
  });

  test('fwmark by version', () => {
    expect(configuration('1.14', 'vxlan')).toContain('FwMark = 0x1e00\n');
    expect(configuration('1.18', 'vxlan')).toContain('FwMark = 0xe00\n');
  });

  test('keys are 32 bytes of base64', () => {
    for (const { privateKey, publicKey } of keys.values()) {
      expect(Buffer.from(privateKey, 'base64').length).toBe(32);
      expect(Buffer.from(publicKey, 'base64').length).toBe(32);
    }
  });
});

test('a script stops at the first failure and starts each program once', () => {
  const script = planScript(nodePlan({ mode: 'ipsec', options: ipsec('1.18') }, FIRST, 'vxlan'));
  expect(script).toMatch(/^set -e\n/);
  expect(script.match(/^ip -batch -/gm)?.length).toBe(1);
  expect(script.match(/^tc -batch -/gm)?.length).toBe(1);
});

test('an unknown profile is refused with the known ones', () => {
  expect(() => layoutProfile('1.13')).toThrow(/"1\.13" cannot be set up; known: 1\.14, .*1\.20/);
});
