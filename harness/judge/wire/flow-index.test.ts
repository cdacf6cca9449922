import { describe, expect, test } from 'vitest';
import type { ClusterDescription } from '../../model/cluster.ts';
import { flow } from '../../testing/recording.ts';
import { twoNodes } from '../../testing/two-nodes.ts';
import { addressOwners } from './address-owners.ts';
import { flowIndex, nodePairsOf } from './flow-index.ts';

const withService: ClusterDescription = {
  ...twoNodes,
  pods: twoNodes.pods.map((p) => ({ ...p, httpPort: 80 })),
  services: [{ name: 'web', namespace: 'demo', addresses: ['10.96.0.5'], port: 8080, backends: ['demo/b'] }],
};
const find = (traffic: ReturnType<typeof flow>[], src: string, dst: string, protocol: string, sport: number | null, dport: number | null) =>
  flowIndex({ traffic, cluster: withService }, 'encrypted').find({ src, dst, protocol, sport, dport });

describe('flowIndex', () => {
  test('a flow is found in both directions by its server’s port, not by another', () => {
    const http = flow('encrypted', '', { id: 'http', protocol: 'tcp', port: 80 });
    expect(find([http], '10.0.1.11', '10.0.2.11', 'tcp', 40000, 80)).toEqual(['http']);
    expect(find([http], '10.0.2.11', '10.0.1.11', 'tcp', 80, 40000)).toEqual(['http']);
    expect(find([http], '10.0.1.11', '10.0.2.11', 'tcp', 80, 443)).toEqual([]);
  });

  test('a later fragment without ports may belong to any flow of the pair', () => {
    const http = flow('encrypted', '', { id: 'http', protocol: 'tcp', port: 80 });
    expect(find([http], '10.0.1.11', '10.0.2.11', 'tcp', null, null)).toEqual(['http']);
  });

  test('a service’s flow is found at its backend, under the backend’s port', () => {
    const end = { name: 'demo/web', kind: 'service', node: null, address: '10.96.0.5' } as const;
    const http = flow('encrypted', '', { id: 'svc', path: 'pod-service', protocol: 'tcp', port: 8080, destination: end });
    expect(find([http], '10.0.1.11', '10.0.2.11', 'tcp', 40000, 80)).toEqual(['svc']);
    expect(find([http], '10.0.1.11', '10.96.0.5', 'tcp', 40000, 8080)).toEqual(['svc']);
    expect(nodePairsOf(http, withService)).toEqual([['node1', 'node2']]);
  });

  test('an echo request belongs to the flow of who asks', () => {
    const there = flow('encrypted', '', { id: 'there' });
    const back = flow('encrypted', '', { id: 'back', source: there.destination, destination: there.source });
    const index = flowIndex({ traffic: [there, back], cluster: twoNodes }, 'encrypted');
    const ends = { src: '10.0.1.11', dst: '10.0.2.11', protocol: 'icmp', sport: null, dport: null };
    expect(index.find({ ...ends, icmpType: 8 })).toEqual(['there']);
    expect(index.find({ ...ends, icmpType: 0 })).toEqual(['back']);
    expect(index.find(ends)).toEqual(['there', 'back']);
  });

  test('flows of the other phase are not looked for', () => {
    expect(find([flow('clear', '')], '10.0.1.11', '10.0.2.11', 'icmp', null, null)).toEqual([]);
  });
});

describe('addressOwners', () => {
  const owners = addressOwners(twoNodes);
  test.each([
    ['10.0.1.11', 'pod', 'node1'],
    ['10.0.2.99', 'pod', 'node2'],
    ['10.0.2.1', 'router', 'node2'],
    ['172.18.0.1', 'node', 'node1'],
    ['8.8.8.8', 'other', null],
    ['no address', 'other', null],
  ])('%s is a %s of %s', (address, kind, node) => {
    expect(owners.ownerOf(address)).toEqual({ kind, node });
  });
});
