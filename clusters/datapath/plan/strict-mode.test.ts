import { expect, test } from 'vitest';
import { plannedNodes } from '../testdata/planned-nodes.ts';
import { clusterViews, type View } from '../topology.ts';
import { strictIngressPlan, strictModePlan } from './strict-mode.ts';

const NODES = plannedNodes(2);
const first = clusterViews(NODES, [], ['ipv4'])[0] as View;

test('native: pods to pods of another node are dropped on the uplink, the nodes themselves are not', () => {
  expect(strictModePlan(first, 'native').tc).toEqual([
    expect.stringMatching(
      /^filter add dev eth0 egress pref 20 protocol ip handle 0x[0-9a-f]+ flower src_ip 10\.0\.1\.0\/24 dst_ip 10\.0\.2\.0\/24 action drop$/,
    ),
  ]);
});

test('tunnel: the tunnel packet is dropped', () => {
  expect(strictModePlan(first, 'vxlan').tc).toEqual([
    'filter add dev eth0 egress pref 20 protocol ip flower ip_proto udp dst_port 8472 action drop',
  ]);
  expect(strictModePlan(first, 'geneve').tc?.[0]).toContain('dst_port 6081 action drop');
});

test('ingress: a tunnel packet that arrives at the uplink is dropped; with native routing what pods of others send, and nodes do not', () => {
  expect(strictIngressPlan(first, 'geneve').tc).toEqual([
    'filter add dev eth0 ingress pref 21 protocol ip flower ip_proto udp dst_port 6081 action drop',
  ]);
  expect(strictIngressPlan(first, 'native').tc).toEqual([
    'filter add dev eth0 ingress pref 18 protocol ip flower dst_ip 10.0.1.1/32 action ok',
    'filter add dev eth0 ingress pref 18 protocol ip flower src_ip 10.0.2.1/32 action ok',
    expect.stringMatching(
      /^filter add dev eth0 ingress pref 21 protocol ip handle 0x[0-9a-f]+ flower src_ip 10\.0\.2\.0\/24 dst_ip 10\.0\.1\.0\/24 action drop$/,
    ),
  ]);
});
