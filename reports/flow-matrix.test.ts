import { describe, expect, test } from 'vitest';
import { flowMatrix, squareState } from './flow-matrix.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const flow = healthyReport().flows.find((item) => item.treatment === 'encrypted')!;

describe('squareState', () => {
  test.each([
    ['no flow', [], 'untested'],
    ['encrypted', [flow], 'encrypted'],
    ['one of two not driven', [flow, { ...flow, verdict: 'not-exercised' as const }], 'untested'],
    ['clear beside encrypted', [flow, { ...flow, treatment: 'clear-by-design' as const }], 'mixed'],
    ['clear by design', [{ ...flow, treatment: 'clear-by-design' as const }], 'clear-by-design'],
    ['dropped', [{ ...flow, treatment: 'dropped' as const }], 'dropped'],
    ['not applicable', [{ ...flow, verdict: 'not-applicable' as const }], 'not-applicable'],
    ['worst wins', [flow, { ...flow, verdict: 'inconclusive' as const }, { ...flow, verdict: 'contradicts' as const }], 'contradicts'],
  ] as const)('%s', (_name, flows, state) => {
    expect(squareState(flows)).toBe(state);
  });
});

test('nodes in the order of the cluster, then services; every flow is in exactly one square', () => {
  const report = sampleReport();
  const matrix = flowMatrix(report);
  expect(matrix.sources).toEqual(['node1', 'node2', 'node3']);
  expect(matrix.destinations).toEqual(['node1', 'node2', 'node3', 'endor/deathstar']);
  expect(matrix.kinds.map((kind) => kind.protocol)).toEqual(['tcp', 'udp', 'icmp']);
  const placed = matrix.cells.flat(2).flatMap((cell) => cell.squares.flatMap((square) => square.flows));
  expect(placed).toHaveLength(report.flows.length);
});

test('a node that no flow touched is shown, untested', () => {
  const report = healthyReport();
  const { cells } = flowMatrix({ ...report, flows: report.flows.filter((item) => item.source.node !== 'node3') });
  expect(cells[2]!.flatMap((cell) => cell.squares.map((square) => square.state))).toEqual(Array(12).fill('untested'));
});

test('a protocol driven over one family only leaves the other family untested', () => {
  const report = healthyReport();
  const both = [...report.flows, { ...flow, id: 'six', family: 'ipv6' as const, protocol: 'tcp' }];
  const matrix = flowMatrix({ ...report, flows: both });
  expect(matrix.kinds).toHaveLength(6);
  const cell = matrix.cells.flat().find((item) => item.source === flow.source.node && item.destination === flow.destination.node)!;
  expect(cell.squares.slice(3).map((square) => square.state)).toEqual(['encrypted', 'untested', 'untested']);
});
