import { expect, test } from 'vitest';
import { clearPing, espFrame } from '../../testing/node-frames.ts';
import { buildRecording, flow } from '../../testing/recording.ts';
import { load, windowInstant, windowRecording } from '../../testing/window-recording.ts';
import { judge } from '../judge.ts';
import { windowReport } from './window-report.ts';

const WINDOW_START = Date.parse(windowInstant(0).utc);

test('a window is told by direction and time, with its losses and its plaintext', async () => {
  const recording = windowRecording({
    scenario: 'rotation',
    sentinel: [{ at: 9, bytes: clearPing(8, 'ab'.repeat(16)) }],
    cipher: [
      { at: 1, bytes: espFrame('out', 1, 3) },
      { at: 8, bytes: espFrame('out', 2, 3) },
      { at: 9, bytes: espFrame('out', 1, 4) },
    ],
    traffic: [load({}, [8.5])],
  });
  const { facts } = await judge(recording, []);
  const { rotation } = windowReport(facts);
  expect(rotation?.spis.map((s) => [s.from, s.to, s.spi, s.frames, s.firstMs - WINDOW_START, s.lastMs - WINDOW_START])).toEqual([
    ['node1', 'node2', '0x00000003', 2, 1000, 8000],
    ['node1', 'node2', '0x00000004', 1, 9000, 9000],
  ]);
  expect(rotation?.loads[0]).toMatchObject({ sent: 200, answered: 199, longestGapMs: 60, lostAtMs: [WINDOW_START + 8500] });
  expect(rotation).toMatchObject({ startedMs: WINDOW_START, endedMs: WINDOW_START + 30_000, clearFrames: 1 });
});

test('a recording without a window has none', async () => {
  const recording = buildRecording({
    captures: [{ phase: 'encrypted', frames: [espFrame('out', 1)] }],
    traffic: [flow('encrypted', 'cd'.repeat(16))],
  });
  const { facts } = await judge(recording, []);
  expect(windowReport(facts)).toEqual({});
});
