import { expect, test } from 'vitest';
import { twoNodes } from '../../testing/two-nodes.ts';
import { openingDirections, openingFlows } from './open-pairs.ts';
import { planFlows } from './plan-flows.ts';
import { ANSWER_MS, HEAD_START_MS, openingMs } from './waits.ts';

test('each ordered pair of nodes is opened once in each family, with its own canary', () => {
  const pods = twoNodes.pods.map((pod, index) => ({ ...pod, addresses: [...pod.addresses, `fd00::${index + 1}`] }));
  const flows = planFlows({ ...twoNodes, pods }, { families: ['ipv4', 'ipv6'] }, 'all', undefined, () => 'flow');
  const opening = openingFlows(flows, () => 'own');
  expect(opening.map(({ id, canary, count }) => [id, canary, count])).toEqual([
    ['open/pod-pod/udp/ipv4/demo/a/demo/b', 'own', 1],
    ['open/pod-pod/udp/ipv4/demo/b/demo/a', 'own', 1],
    ['open/pod-pod/udp/ipv6/demo/a/demo/b', 'own', 1],
    ['open/pod-pod/udp/ipv6/demo/b/demo/a', 'own', 1],
  ]);
  const [first, second] = openingDirections(opening);
  expect(first.map(({ source, destination }) => [source.node, destination.node])).toEqual([
    ['node1', 'node2'],
    ['node1', 'node2'],
  ]);
  expect(second.map(({ source, destination }) => [source.node, destination.node])).toEqual([
    ['node2', 'node1'],
    ['node2', 'node1'],
  ]);
});

test('the second direction starts between two repetitions of the first', () => {
  const [earliest, latest] = [5000, 5000 + 1000 / 3];
  expect(HEAD_START_MS).toBeGreaterThan(latest - earliest);
  expect(HEAD_START_MS + latest - earliest).toBeLessThan(earliest);
});

test('five retries of a WireGuard handshake fit into the opening, and one into the wait for an answer', () => {
  const retry = 5000 + 1000 / 3;
  expect(openingMs('wireguard')).toBeGreaterThan(5 * retry + 1000);
  expect(ANSWER_MS).toBeGreaterThan(retry + 1000);
});
