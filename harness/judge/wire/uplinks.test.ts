import { expect, test } from 'vitest';
import { decodeIpRoute } from '../../decode/kernel/ip-route.ts';
import type { CaptureRecord } from '../../model/recording.ts';
import { twoNodes } from '../../testing/two-nodes.ts';
import type { NodeState } from '../state/node-state.ts';
import { uplinkGaps, uplinkRoutes } from './uplinks.ts';

const routes = (text: string): NodeState =>
  ({
    node: 'node1',
    snapshot: 'before',
    routes: { ok: true, value: decodeIpRoute(text).items, evidence: [], commands: [] },
  }) as unknown as NodeState;
const nic = (device: string): CaptureRecord => ({ vantage: 'nic', node: 'node1', interface: device }) as CaptureRecord;
const gapsOf = (text: string): readonly string[] => uplinkGaps(nic('eth0'), twoNodes, uplinkRoutes(twoNodes.nodes, [routes(text)]));

test('the device of the longest route of the main table is the uplink', () => {
  expect(gapsOf('default via 172.18.0.254 dev eth9\n172.18.0.0/24 dev eth0 scope link\nlocal 172.18.0.2 dev lo table local\n')).toEqual([]);
  expect(gapsOf('default via 10.0.0.1 dev eth0\n')).toEqual([]);
});

test('a capture of a device by which the node does not reach the others is named', () => {
  expect(gapsOf('default via 10.0.0.1 dev eth0\n172.18.0.0/24 dev eth1 scope link\n')).toEqual([
    'node1 reaches 172.18.0.2 by eth1, not by eth0',
  ]);
});

test('routes that were not read say nothing', () => {
  const unread = {
    node: 'node1',
    snapshot: 'before',
    routes: { ok: false, reason: 'x', absent: true, evidence: [] },
  } as unknown as NodeState;
  expect(uplinkGaps(nic('eth0'), twoNodes, uplinkRoutes(twoNodes.nodes, [unread]))).toEqual([]);
  expect(uplinkGaps(nic('eth1'), twoNodes, new Map())).toEqual(['eth1 is not the uplink of node1, which is eth0']);
});
