import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { CellResult } from '../../model/selftest.ts';
import { CellStore } from './cell-store.ts';
import { planCells } from './plan-cells.ts';

const root = mkdtempSync(join(tmpdir(), 'wirewitness-cells-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const { cell } = planCells({ quick: true, subjects: ['L03'] })[0]!;
const result: CellResult = {
  ...{ schema: 1, toolVersion: '1.0.0', cell, state: 'passed', verdict: 'contradicts', checks: [], reason: '' },
  ...{ startedAt: '2026-11-21T10:00:00.000Z', seconds: 1, rebooted: '' },
};

test('a cell that is done is found again by the same version with the same expectation, and only then', async () => {
  const store = new CellStore(join(root, 'done'), '1.0.0');
  expect(await store.done(cell)).toBeUndefined();
  await store.keep(result);
  expect(await store.done(cell)).toEqual(result);
  expect(await store.done({ ...cell, reddens: [...cell.reddens, 'WIR-02'] })).toBeUndefined();
  expect(await new CellStore(join(root, 'done'), '1.0.1').done(cell)).toBeUndefined();
});

test('a recording is found again by any version with any expectation, but only for the same set-up', async () => {
  const store = new CellStore(join(root, 'recorded'), '2.0.0');
  expect(await store.recorded(cell)).toBeUndefined();
  await store.keep(result);
  expect(await store.recorded({ ...cell, reddens: [...cell.reddens, 'WIR-02'] })).toEqual(result);
  expect(await store.recorded({ ...cell, nodes: cell.nodes + 1 })).toBeUndefined();
  await store.keep({ ...result, state: 'broken' });
  expect(await store.recorded(cell)).toBeUndefined();
});

test('a failed cell is done, a broken one is not', async () => {
  const store = new CellStore(join(root, 'states'), '1.0.0');
  await store.keep({ ...result, state: 'failed' });
  expect((await store.done(cell))?.state).toBe('failed');
  await store.keep({ ...result, state: 'broken' });
  expect(await store.done(cell)).toBeUndefined();
});

test('what an interrupted run left goes before the cell is recorded again', async () => {
  const store = new CellStore(join(root, 'fresh'), '1.0.0');
  const folder = await store.fresh(cell);
  writeFileSync(join(folder, 'half'), 'x');
  expect(await store.fresh(cell)).toBe(folder);
  expect(existsSync(join(folder, 'half'))).toBe(false);
});
