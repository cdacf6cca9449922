import { expect, test } from 'vitest';
import type { ClusterDescription } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import { nodePairs } from '../../model/node-pairs.ts';
import { planFlows } from './plan-flows.ts';

const node = (i: number) => ({
  name: `node${i}`,
  addresses: [`172.18.0.${i}`],
  podCidrs: [`10.0.${i}.0/24`],
  internalAddresses: [`10.0.${i}.1`],
  uplink: 'eth0',
});
const pod = (name: string, i: number, j: number) => ({
  name,
  namespace: 'demo',
  node: `node${i}`,
  addresses: [`10.0.${i}.${j}`],
  labels: {},
});
const cluster: ClusterDescription = {
  name: 'lab',
  provider: 'lab',
  environmentClass: 'lab',
  nodes: [node(1), node(2)],
  pods: [pod('a', 1, 11), pod('b', 2, 11), pod('c', 2, 12)],
  services: [{ name: 'svc', namespace: 'demo', addresses: ['10.96.0.10'], port: 80, backends: ['demo/b'] }],
  versions: {},
  capabilities: {},
};

test('every ordered pair of every path is driven over each protocol', () => {
  const count = (path: string, protocol: string): number =>
    planFlows(cluster, { families: ['ipv4'] }).filter((flow) => flow.path === path && flow.protocol === protocol && flow.bytes === 0)
      .length;
  expect(['tcp', 'udp', 'icmp'].map((protocol) => count('pod-pod', protocol))).toEqual([4, 4, 4]);
  expect(count('same-node', 'udp')).toBe(2);
  expect([count('pod-node', 'tcp'), count('node-pod', 'icmp'), count('node-node', 'udp')]).toEqual([2, 2, 2]);
});

test('pods use SCTP among nodes only where it is claimed, also in a probe', () => {
  const sctp = (claimed: boolean, choice: 'all' | 'probe') =>
    planFlows(cluster, { families: ['ipv4'], ...(claimed ? { sctp: true } : {}) }, choice).filter(({ protocol }) => protocol === 'sctp');
  expect(sctp(true, 'all').map(({ path, port }) => [path, port])).toEqual(Array(4).fill(['pod-pod', 9000]));
  expect(sctp(true, 'probe')).toHaveLength(2);
  expect(sctp(false, 'all')).toEqual([]);
});

test('a service is called by each pod except its backends', () => {
  const sources = planFlows(cluster, { families: ['ipv4'] })
    .filter((flow) => flow.path === 'pod-service')
    .map((flow) => flow.source.name);
  expect(sources).toEqual(['demo/a', 'demo/c']);
});

test('a client outside asks each node by the ports that it takes', () => {
  const outside: ClusterDescription = {
    ...cluster,
    outside: { name: 'outside', addresses: ['192.0.2.10'] },
    services: (['cluster', 'local', 'host-port'] as const).map((kind, index) => ({
      ...{ name: kind, namespace: 'demo', addresses: [], port: 80, backends: ['demo/b'] },
      nodePort: { port: 30_000 + index, kind },
    })),
  };
  const flows = planFlows(outside, { families: ['ipv4', 'ipv6'] }).filter(({ source }) => source.kind === 'outside');
  expect(flows.map(({ id, port, source, destination }) => [id, port, source.node, destination.node, destination.address])).toEqual([
    ['outside-pod/tcp/ipv4/outside/node1/demo/cluster', 30_000, null, 'node1', '172.18.0.1'],
    ['outside-node/tcp/ipv4/outside/node2/demo/cluster', 30_000, null, 'node2', '172.18.0.2'],
    ['outside-node/tcp/ipv4/outside/node2/demo/local', 30_001, null, 'node2', '172.18.0.2'],
    ['outside-node/tcp/ipv4/outside/node2/demo/host-port', 30_002, null, 'node2', '172.18.0.2'],
  ]);
  expect(planFlows(outside, { families: ['ipv4'] }, 'probe').filter(({ source }) => source.kind === 'outside')).toHaveLength(1);
});

test('the health endpoint of each node is asked by the others, and by a pod of each', () => {
  const nodes = [1, 2].map((i) => ({ ...node(i), health: { addresses: [`10.0.${i}.254`], port: 4240 } }));
  const flows = planFlows({ ...cluster, nodes }, { families: ['ipv4', 'ipv6'] }).filter(({ destination }) => destination.kind === 'health');
  expect(flows.map(({ path, port, request, source, destination }) => [path, port, request, source.name, destination.address])).toEqual([
    ['pod-health', 4240, 'GET /hello', 'demo/a', '10.0.2.254'],
    ['pod-health', 4240, 'GET /hello', 'demo/b', '10.0.1.254'],
    ['node-health', 4240, 'GET /hello', 'node1', '10.0.2.254'],
    ['node-health', 4240, 'GET /hello', 'node2', '10.0.1.254'],
  ]);
});

test('each flow has its own id and its own canary of 128 bits', () => {
  const flows = planFlows(cluster, { families: ['ipv4'] });
  expect(new Set(flows.map((flow) => flow.id)).size).toBe(flows.length);
  expect(new Set(flows.map((flow) => flow.canary)).size).toBe(flows.length);
  for (const flow of flows) expect(flow.canary).toMatch(/^[0-9a-f]{32}$/);
});

test('a sample drives every path between its pairs of nodes and between no others, and each pod calls each service', () => {
  const many = {
    ...cluster,
    nodes: Array.from({ length: 14 }, (_, i) => node(i + 1)),
    pods: Array.from({ length: 14 }, (_, i) => pod(`p${i + 1}`, i + 1, 11)),
  };
  const pairs = nodePairs(many, { partners: 2, seed: '5a'.repeat(16), round: 0 });
  const flows = planFlows(many, { families: ['ipv4'] }, 'all', pairs);
  for (const path of ['pod-pod', 'pod-node', 'node-pod', 'node-node'] as const) {
    const driven = flows.filter((flow) => flow.path === path && flow.protocol === 'udp' && flow.bytes === 0);
    expect(driven).toHaveLength(28);
    for (const { source, destination } of driven) expect(pairs.has(source.node ?? '', destination.node ?? '')).toBe(true);
  }
  expect(new Set(flows.filter(({ path }) => path === 'pod-service').map(({ source }) => source.name)).size).toBe(14);
});

test('a family that no end has gives no flow', () => {
  expect(planFlows(cluster, { families: ['ipv6'] })).toEqual([]);
});

test('pods of the other nodes ask the client outside by the egress gateway, where one is claimed', () => {
  const outside: ClusterDescription = { ...cluster, outside: { name: 'outside', addresses: ['192.0.2.10'] } };
  const byGateway = (claim: Partial<Intent>) =>
    planFlows(outside, { families: ['ipv4', 'ipv6'], ...claim }).filter(({ path }) => path === 'pod-egress');
  expect(byGateway({})).toEqual([]);
  const flows = byGateway({ egressGateway: 'node2' });
  expect(new Set(flows.map(({ protocol }) => protocol))).toEqual(new Set(['tcp', 'udp', 'icmp']));
  for (const { source, destination, family } of flows)
    expect([source.node, destination, family]).toEqual([
      'node1',
      { name: 'outside', kind: 'outside', node: 'node2', address: '192.0.2.10' },
      'ipv4',
    ]);
});
