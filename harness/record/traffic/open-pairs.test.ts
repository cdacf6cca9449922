import { expect, test } from 'vitest';
import { twoNodes } from '../../testing/two-nodes.ts';
import { openingFlows } from './open-pairs.ts';
import { planFlows } from './plan-flows.ts';
import { ANSWER_MS, openingMs } from './waits.ts';

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
});

test('two retries of a WireGuard handshake fit into the opening, and one into the wait for an answer', () => {
  const retry = 5000 + 1000 / 3;
  expect(openingMs('wireguard')).toBeGreaterThan(2 * retry + 1000);
  expect(ANSWER_MS).toBeGreaterThan(retry + 1000);
});
