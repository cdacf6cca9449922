import { expect, test } from 'vitest';
import { pathMatrices } from './path-matrices.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const statesOf = (title: string, report = healthyReport()) => {
  const { matrix } = pathMatrices(report).find((one) => one.title === title)!;
  return matrix.cells.map((row) => row.map((cell) => [...new Set(cell.squares.map((square) => square.state))].join(' ')));
};

test('between nodes pods are encrypted, on a node clear by design: never one square for both', () => {
  const clear = 'clear-by-design';
  expect(statesOf('Pod to pod')).toEqual([
    [clear, 'encrypted', 'encrypted'],
    ['encrypted', clear, 'encrypted'],
    ['encrypted', 'encrypted', clear],
  ]);
});

test('a path between nodes has no diagonal, services have no columns of nodes', () => {
  expect(statesOf('Node to node').map((row, index) => row[index])).toEqual(['', '', '']);
  const service = pathMatrices(healthyReport()).find(({ title }) => title === 'Pod to service')!;
  expect(service.matrix.destinations).toEqual(['endor/deathstar']);
});

test('every flow is in exactly one matrix', () => {
  const report = sampleReport();
  const placed = pathMatrices(report).flatMap(({ matrix }) =>
    matrix.cells.flat(2).flatMap((cell) => cell.squares.flatMap(({ flows }) => flows)),
  );
  expect(placed.map(({ id }) => id).sort()).toEqual(report.flows.map(({ id }) => id).sort());
});
