import { describe, expect, test } from 'vitest';
import type { Recording } from '../harness/model/recording.ts';
import { judgeAsText, type VerdictText } from '../harness/testing/finding-text.ts';
import { clearPing } from '../harness/testing/node-frames.ts';
import { load, type WindowStory, windowInstant, windowRecording } from '../harness/testing/window-recording.ts';
import { catalogue } from './catalogue.ts';

const IDS = ['ROT-03', 'ROT-04', 'LIF-01', 'LIF-05'];
type Line = NonNullable<WindowStory['events']>[number];

async function judged(recording: Recording): Promise<ReadonlyMap<string, VerdictText>> {
  const { verdicts } = await judgeAsText(recording, catalogue);
  return new Map(verdicts.map((verdict) => [verdict.id, verdict]));
}
const story = (events: readonly Line[], more: Partial<WindowStory> = {}): WindowStory => ({
  scenario: 'observe',
  sentinel: [],
  cipher: [],
  events: [...events, { event: 'observation-ended', at: 29, detail: { early: false, unfinished: [] } }],
  ...more,
});
const verdicts = async (told: WindowStory) => {
  const found = await judged(windowRecording(told));
  return IDS.map((id) => found.get(id)?.verdict);
};

const ROTATION: readonly Line[] = [
  { event: 'rotation-started', at: 4, detail: { id: 3, notBefore: windowInstant(3) } },
  { event: 'rotation-ended', at: 12 },
];
const RESTART: readonly Line[] = [
  { event: 'agent-restart', at: 20, detail: { node: 'node1' } },
  { event: 'agent-restarted', at: 24, detail: { node: 'node1' } },
];
const lostAt = (...seconds: readonly number[]): Partial<WindowStory> => ({ traffic: [load({}, seconds)] });
const many = (at: number, count: number): number[] => Array.from({ length: count }, () => at);

describe('others were observed', () => {
  test('what nobody did is not exercised', async () => {
    expect(await verdicts(story([]))).toEqual(IDS.map(() => 'not-exercised'));
  });

  test('what happened is judged, each by its own checks', async () => {
    expect(await verdicts(story(ROTATION))).toEqual(['supports', 'supports', 'not-exercised', 'not-exercised']);
    expect(await verdicts(story(RESTART))).toEqual(['not-exercised', 'not-exercised', 'supports', 'not-exercised']);
  });

  test('a loss after the look before belongs to the change; one of a later change does not', async () => {
    expect((await verdicts(story(ROTATION, lostAt(3.5))))[0]).toBe('contradicts');
    expect((await verdicts(story(ROTATION, lostAt(2.5))))[0]).toBe('supports');
    expect(await verdicts(story([...ROTATION, ...RESTART], lostAt(21, 22)))).toEqual(['supports', 'supports', 'supports', 'not-exercised']);
    expect((await verdicts(story([...ROTATION, ...RESTART], lostAt(...many(21, 6)))))[2]).toBe('contradicts');
  });

  test('what two changes at once may have cost cannot be told apart, what neither may is a fault', async () => {
    const both = [...ROTATION, { event: 'agent-restart', at: 5, detail: { node: 'node1' } }, { event: 'agent-restarted', at: 8 }];
    expect((await verdicts(story(both, lostAt(6, 7))))[0]).toBe('inconclusive');
    expect((await verdicts(story(both, lostAt(...many(6, 6)))))[0]).toBe('contradicts');
  });

  test('each round of restarts has the budget', async () => {
    const again = [...RESTART, { event: 'agent-restart', at: 25, detail: { node: 'node1' } }, { event: 'agent-restarted', at: 28 }];
    expect((await verdicts(story(again, lostAt(...many(21, 10)))))[2]).toBe('supports');
    expect((await verdicts(story(RESTART, lostAt(...many(21, 10)))))[2]).toBe('contradicts');
  });

  test('what was not over when it ended decides nothing', async () => {
    const begun = ROTATION.slice(0, 1);
    const ended = { event: 'observation-ended', at: 29, detail: { early: true, unfinished: ['rotation'] } };
    const found = await judged(windowRecording({ ...story([]), events: [...begun, ended] }));
    expect(found.get('ROT-01')).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/ended before the change/) });
    expect(found.get('ROT-03')).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/not over/) });
  });

  test('another key id at the end is a rotation, whatever the journal leaves out', async () => {
    const nodes = (key: number) =>
      JSON.stringify({
        items: ['node1', 'node2'].map((name) => ({
          apiVersion: 'cilium.io/v2',
          kind: 'CiliumNode',
          metadata: { name },
          spec: { addresses: [], ipam: { podCIDRs: [] }, encryption: { key } },
        })),
      });
    const outputs = [
      { snapshot: 'before', node: null, collector: 'cilium-nodes', stdout: nodes(3) },
      { snapshot: 'end', node: null, collector: 'cilium-nodes', stdout: nodes(4) },
    ] as const;
    const found = await judged(windowRecording(story([], { outputs })));
    expect(found.get('ROT-04')).toMatchObject({ verdict: 'inconclusive', reason: expect.stringMatching(/does not say when the change/) });
  });

  test('plaintext that nobody caused is seen all the same', async () => {
    const sentinel = [{ at: 10, bytes: clearPing(8, 'ab'.repeat(16)) }];
    const found = await judged(windowRecording(story([], { sentinel })));
    expect(found.get('WIR-01')).toMatchObject({ verdict: 'contradicts', reason: expect.stringMatching(/in the clear, 10\.000 s/) });
  });
});
