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

test('a manifest and a report of an earlier version get the current names', () => {
  expect(manifestOfToday({ schema: 1, cluster: earlier })).toEqual({ schema: 1, cluster: today });
  const report = { environment: { class: 'lab', cluster: earlier }, checks: [{ id: 'PRE-06', needs: ['cilium-objects', 'capture'] }] };
  expect(reportOfToday(report)).toEqual({
    environment: { class: 'lab', cluster: today },
    checks: [{ id: 'PRE-06', needs: ['node-objects', 'capture'] }],
  });
});

test('plans are hashed in the form of the first version', () => {
  expect(clusterOfFirstForm(today as unknown as ClusterDescription)).toEqual(earlier);
});

test('a file with the current names, or without the shape of a manifest or report, is left unchanged', () => {
  expect(manifestOfToday({ cluster: today })).toEqual({ cluster: today });
  for (const raw of [null, 3, [], { cluster: 7 }, { cluster: { nodes: [null, 3], capabilities: [] } }]) {
    expect(manifestOfToday(raw)).toEqual(raw);
  }
  expect(reportOfToday([])).toEqual([]);
});
