import { expect, test } from 'vitest';
import { LabQueue, labKind } from './lab-queue.ts';
import { planCells } from './plan-cells.ts';
import { PROBE } from './planned-cell.ts';

test('whoever has a lab gets the cells that it fits first, then the others; nothing is given twice', () => {
  const { cell } = planCells({ quick: true, subjects: ['L03'] })[0]!;
  const three = { ...cell, id: 'three', nodes: 3 };
  const dual = { ...cell, id: 'dual', intent: { ...cell.intent, families: ['ipv4', 'ipv6'] as const } };
  const two = { ...cell, id: 'two' };
  const queue = new LabQueue([three, dual, two].map((one) => ({ cell: one, source: PROBE })));
  expect(queue.take(labKind(two))?.cell.id).toBe('two');
  expect(queue.take(labKind(two))?.cell.id).toBe('three');
  expect(queue.take(undefined)?.cell.id).toBe('dual');
  expect(queue.take(undefined)).toBeUndefined();
});
