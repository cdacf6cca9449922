import { describe, expect, test } from 'vitest';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { espFrame } from '../../harness/testing/node-frames.ts';
import { load, type WindowStory, windowRecording } from '../../harness/testing/window-recording.ts';
import { checksOf } from '../catalogue.ts';

const restarted: WindowStory = {
  scenario: 'node-restart',
  sentinel: [],
  cipher: [],
  traffic: [load({}, [3, 4, 5])],
  events: [{ event: 'node-restarted', at: 8, detail: { node: 'node2' } }],
};

describe('numbers of ciphertext that are missing towards a node that was off', () => {
  const sent = (to: 'out' | 'back', ...numbers: readonly (readonly [at: number, number: number])[]) =>
    numbers.map(([at, number]) => ({ at, bytes: espFrame(to, number) }));
  const events = [
    { event: 'node-restarting', at: 2, detail: { node: 'node2' } },
    { event: 'node-off', at: 3, detail: { node: 'node2' } },
    { event: 'node-restarted', at: 8, detail: { node: 'node2' } },
  ];
  const gapsOf = async (cipher: WindowStory['cipher'], story: WindowStory = restarted) =>
    (await judgeAsText(windowRecording({ ...story, events, cipher }), checksOf('WIR'))).verdicts.find(({ id }) => id === 'WIR-04')?.reason;

  test('they were never sent, where all are missing while it was off', async () =>
    expect(await gapsOf(sent('out', [1, 1], [2.5, 2], [7, 40]))).not.toMatch(/missing/));
  test.each([
    ['after it is back', sent('out', [1, 1], [2.5, 2], [12, 40])],
    ['before it is cut off', sent('out', [0.5, 1], [2.5, 40])],
    ['also at another time', sent('out', [1, 1], [2.5, 2], [7, 40], [9, 42])],
    ['from the node itself', sent('back', [1, 1], [2.5, 2], [7, 40])],
  ])('they were not captured, where they are missing %s', async (_, cipher) =>
    expect(await gapsOf(cipher)).toMatch(/packets of SPI .* are missing/),
  );

  test('they were not captured, in a run that restarts no node, whatever its journal says', async () =>
    expect(await gapsOf(sent('out', [1, 1], [2.5, 2], [7, 40]), { ...restarted, scenario: 'node-join' })).toMatch(
      /packets of SPI .* are missing/,
    ));
});
