import { expect, test } from 'vitest';
import { nodePairs } from '../../model/node-pairs.ts';
import { twoNodes } from '../../testing/two-nodes.ts';
import { planLoad } from './plan-load.ts';
import { plannedCanaries } from './planned-flow.ts';

test('the journal names each stream as the manifest will, apart from the flows that are driven once', () => {
  const flows = planLoad(twoNodes.pods, twoNodes.pods, ['ipv4'], nodePairs(twoNodes, undefined));
  expect(flows.length).toBeGreaterThan(0);
  expect(new Set(flows.map(({ id }) => id)).size).toBe(flows.length);
  for (const { id } of flows) expect(id).toMatch(/^load\/pod-pod\/(tcp|udp|icmp)\/ipv4\//);
  expect(Object.entries(plannedCanaries(flows))).toEqual(flows.map(({ id, canary }) => [id, canary]));
});
