import { expect, test } from 'vitest';
import { matches } from '../manifests/load.ts';
import { schedule } from '../manifests/schedule.ts';
import { demoObjects } from './objects.ts';
import { demoWorkload } from './workload.ts';

const nodes = Array.from({ length: 12 }, (_, index) => `worker${index}`);

test('every node of a large cluster has a pod, the first two a second one, and the service has backends on two nodes', () => {
  const { pods, services } = demoWorkload('demo', nodes);
  const placed = schedule(pods, nodes);
  const perNode = nodes.map((node) => pods.filter((pod) => placed.get(pod) === node).length);
  expect(perNode).toEqual([2, 2, ...Array(10).fill(1)]);
  const backends = pods.filter(({ labels }) => matches(services[0]!.selector, labels));
  expect(new Set(backends.map((pod) => placed.get(pod))).size).toBe(2);
});

test('a node named like those of the lab or of kind is met by its own name', () => {
  const named = ['kind-worker2', 'kind-worker'];
  const placed = schedule(demoWorkload('demo', named).pods, named);
  expect([...placed].map(([{ name }, node]) => [name, node])).toEqual([
    ['client-1', 'kind-worker2'],
    ['client-2', 'kind-worker'],
    ['server-1', 'kind-worker2'],
    ['server-2', 'kind-worker'],
  ]);
});

test('names on a real cluster say what the pods are for', () => {
  const objects = demoObjects({ workload: demoWorkload('demo', nodes), nodes, image: 'i', run: 'r' });
  const names = objects.map(({ metadata }) => metadata.name);
  expect(names.filter((name) => !/^(demo|server|client-\d+|server-\d+)$/.test(name))).toEqual([]);
  expect(new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(objects.length);
});
