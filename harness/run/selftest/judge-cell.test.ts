import { expect, test } from 'vitest';
import type { SelftestCell } from '../../model/selftest.ts';
import { memoryRecording } from '../../testing/memory-recording.ts';
import { clearPing } from '../../testing/node-frames.ts';
import { buildRecording, flow } from '../../testing/recording.ts';
import { judgeCell } from './judge-cell.ts';
import { planCells } from './plan-cells.ts';
import { realRecordings } from './real-recordings.ts';

const { cell } = planCells({ quick: true, subjects: ['L03'] })[0]!;
const CANARY = 'ab'.repeat(16);
const leaking = buildRecording({
  captures: [{ phase: 'encrypted', frames: [clearPing(8, CANARY)] }],
  traffic: [flow('encrypted', CANARY)],
});

test('a leak that the cell names is caught, one that it does not name is a false alarm', async () => {
  const named = await judgeCell({ ...cell, reddens: ['WIR-01'] }, leaking);
  expect(named.checks.find(({ id }) => id === 'WIR-01')).toMatchObject({ outcome: 'caught', verdict: 'contradicts' });
  const healthy = await judgeCell({ ...cell, kind: 'healthy', reddens: [], implies: [] }, leaking);
  expect(healthy.checks.find(({ id }) => id === 'WIR-01')?.outcome).toBe('false-alarm');
  expect(healthy).toMatchObject({ state: 'failed', verdict: 'contradicts' });
  expect(healthy.reason).toMatch(/^the run as a whole contradicts/);
});

test('a healthy cell whose captures may lose frames must say so and may not leak', async () => {
  const may = { ...cell, kind: 'healthy' as const, reddens: [], implies: planCells({ quick: false, subjects: ['H14'] })[0]!.cell.implies };
  expect(may.implies).toContain('WIR-04');
  expect((await judgeCell(may, leaking)).state).toBe('failed');
  const { manifest, files } = buildRecording({ captures: [{ phase: 'encrypted', frames: [] }], traffic: [] });
  const captures = manifest.captures.map((c) => ({ ...c, counters: c.counters && { ...c.counters, droppedByKernel: 3 } }));
  const lossy = await judgeCell(may, memoryRecording({ ...manifest, captures }, files));
  expect(lossy.checks.find(({ id }) => id === 'WIR-04')).toMatchObject({ outcome: 'implied', verdict: 'inconclusive' });
  expect(lossy.reason).not.toContain('as a whole inconclusive');
});

test('a recording that broke off says nothing of the checks', async () => {
  const { manifest, files } = leaking;
  const run = { ...manifest.run, complete: false, note: 'the lab went away' };
  const broken = await judgeCell({ ...cell, reddens: ['WIR-01'] }, memoryRecording({ ...manifest, run }, files));
  expect(broken).toMatchObject({ state: 'broken', checks: [], reason: 'the recording is not complete: the lab went away' });
});

test('the check that asks for the published matrix is left out of the matrix', async () => {
  const { checks } = await judgeCell(cell, leaking);
  expect(checks.map(({ id }) => id)).not.toContain('EVI-04');
});

test('every recording of a real agent is as stated', async (ctx) => {
  const recordings = realRecordings();
  ctx.skip(recordings[0]?.source.kind === 'absent', 'the recordings of real agents are not beside the project');
  expect(recordings.length).toBeGreaterThanOrEqual(7);
  for (const { cell: real, source } of recordings) {
    if (source.kind !== 'recording') throw new Error(`${real.id}: not a recording`);
    const judged = await judgeCell(real as SelftestCell, await source.read());
    expect(
      judged.state,
      `${real.id}: ${JSON.stringify(judged.checks.filter(({ outcome }) => outcome === 'missed' || outcome === 'false-alarm'))}`,
    ).toBe('passed');
  }
});
