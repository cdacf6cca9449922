import { expect, test } from 'vitest';
import type { ClusterDescription } from './cluster.ts';
import { clusterOfFirstForm, manifestOfToday, reportOfToday } from './earlier-names.ts';

const earlier = {
  nodes: [{ name: 'node1', ciliumInternal: ['10.0.1.1'] }],
  capabilities: { 'cilium-objects': { available: false, reason: 'none' } },
};
const today = {
  nodes: [{ name: 'node1', internalAddresses: ['10.0.1.1'] }],
  capabilities: { 'node-objects': { available: false, reason: 'none' } },
};

test('a manifest and a report of an earlier version get the names of today', () => {
  expect(manifestOfToday({ schema: 1, cluster: earlier })).toEqual({ schema: 1, cluster: today });
  const report = { environment: { class: 'lab', cluster: earlier }, checks: [{ id: 'PRE-06', needs: ['cilium-objects', 'capture'] }] };
  expect(reportOfToday(report)).toEqual({
    environment: { class: 'lab', cluster: today },
    checks: [{ id: 'PRE-06', needs: ['node-objects', 'capture'] }],
  });
});

test('the form that plans are hashed in is that of the first version', () => {
  expect(clusterOfFirstForm(today as unknown as ClusterDescription)).toEqual(earlier);
});

test('what has the names of today, or no shape of a manifest or report, is left as it is', () => {
  expect(manifestOfToday({ cluster: today })).toEqual({ cluster: today });
  for (const raw of [null, 3, [], { cluster: 7 }, { cluster: { nodes: [null, 3], capabilities: [] } }]) {
    expect(manifestOfToday(raw)).toEqual(raw);
  }
  expect(reportOfToday([])).toEqual([]);
});
