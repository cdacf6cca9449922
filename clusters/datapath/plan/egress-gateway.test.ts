import { expect, test } from 'vitest';
import { plannedNodes } from '../testdata/planned-nodes.ts';
import { clusterViews } from '../topology.ts';
import { egressGatewayPlan } from './egress-gateway.ts';
import { tunnelOf } from './tunnel.ts';

const NODES = plannedNodes(3);
const views = clusterViews(NODES, [], ['ipv4']);
const plan = (node: number) =>
  egressGatewayPlan(views[node - 1]!, { node: 'node2', outside: ['192.0.2.10', '2001:db8::10'] }, tunnelOf('vxlan')!, () => '0x7');

test('a node sends what its pods begin with outside to the gateway in the tunnel, and no answer of them', () => {
  const { nft, tc, ip } = plan(1);
  expect(nft?.join('\n')).toContain('iifname "lxc*" ip daddr 192.0.2.10 ct direction original meta mark set 0x700');
  expect(tc).toEqual([
    expect.stringMatching(
      /egress pref 8 protocol ip handle \S+ flower dst_ip 192\.0\.2\.10 action skbedit mark 0x7 .* dst_ip 172\.18\.0\.2 /,
    ),
  ]);
  expect(ip).toEqual([
    'rule add pref 3 fwmark 0x700/0xf00 lookup 202',
    'route replace 192.0.2.10 via 10.0.1.1 dev cilium_host table 202 proto kernel',
  ]);
});

test('the gateway gives it an address of its own, and sends nothing of its own pods elsewhere', () => {
  const { nft, tc, ip } = plan(2);
  expect(nft?.join('\n')).toContain('ip saddr { 10.0.1.0/24, 10.0.3.0/24 } ip daddr 192.0.2.10 oifname "eth0" masquerade');
  expect([tc, ip]).toEqual([[], []]);
});
