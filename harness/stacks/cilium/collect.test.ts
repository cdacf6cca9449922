import { expect, test } from 'vitest';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { Family } from '../../model/mode.ts';
import { sampleIntent } from '../../testing/two-nodes.ts';
import { collectorsFor } from './collect.ts';

const cluster: ClusterDescription = {
  name: 'two',
  provider: 'lab',
  environmentClass: 'lab',
  nodes: [1, 2].map((index) => ({
    name: `node${index}`,
    addresses: [`172.18.0.${index}`, `fd00:172:18::${index}`],
    podCidrs: [`10.0.${index}.0/24`, `fd00:10:0:${index}::/64`],
    internalAddresses: [`10.0.${index}.1`, `fd00:10:0:${index}::1`],
    uplink: 'eth0',
  })),
  pods: [1, 2].map((index) => ({
    name: `pod${index}`,
    namespace: 'demo',
    node: `node${index}`,
    addresses: [`10.0.${index}.11`, `fd00:10:0:${index}::b`],
    labels: {},
  })),
  services: [],
  versions: {},
  capabilities: {},
};

function commands(families: readonly Family[], snapshot: 'before' | 'after' = 'before'): string[] {
  const intent = sampleIntent('ipsec', { families });
  return collectorsFor(cluster, intent, snapshot).flatMap(({ node, argv }) => (node === 'node1' ? argv.join(' ') : []));
}

test('with IPv6 claimed its rules, table 200 and routes are read by separate commands', () => {
  const own = commands(['ipv4', 'ipv6']);
  expect(own).toContain('ip -6 rule list');
  expect(own).toContain('ip -6 route show table 200');
  expect(own).toContain('ip route get 10.0.2.11 mark 0xe00');
  expect(own).toContain('ip route get fd00:10:0:2::b mark 0xe00');
  expect(commands(['ipv4', 'ipv6'], 'after')).toContain('ip -6 route show table 200');
});

test('without IPv6 in the claim nothing of it is read, in a cluster that has it', () => {
  expect(commands(['ipv4']).filter((command) => /-6|fd00/.test(command))).toEqual([]);
});

test('routes are asked for pods of other nodes only', () => {
  expect(commands(['ipv4', 'ipv6']).filter((command) => command.includes(' get ') && /10\.0\.1\.|0:1::/.test(command))).toEqual([]);
});
