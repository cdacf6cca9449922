import { describe, expect, test } from 'vitest';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { clearPing, espFrame } from '../../harness/testing/node-frames.ts';
import { buildRecording, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { lif06 } from './lif-06-fail-closed.ts';

const CANARY = 'ab'.repeat(16);

describe('LIF-06', () => {
  const steady = (answered: number, more: Partial<RecordingParts> = {}) =>
    buildRecording({
      captures: [{ phase: 'encrypted', frames: [espFrame('out', 1)] }],
      traffic: [flow('encrypted', CANARY, { answered })],
      ...more,
    });
  const find = async (answered: number, more: Partial<RecordingParts> = {}): Promise<VerdictText> =>
    (await judgeAsText(steady(answered, more), [lif06])).verdicts[0]!;

  test('a flow that was lost and not clear supports', async () => {
    const found = await find(0);
    expect(found.verdict, found.reason).toBe('supports');
    expect(found.reason).toMatch(/1 lost flows examined.*protection failed for pod-pod\/icmp\/a\/b, and none of their frames was readable/);
  });
  test('a flow that was lost although ciphertext went both ways says nothing of protection', async () => {
    const found = await find(0, { captures: [{ phase: 'encrypted', frames: [espFrame('out', 1), espFrame('back', 1)] }] });
    expect(found.verdict).toBe('not-exercised');
    expect(found.reason).toMatch(/the requests were lost for another reason/);
  });
  test('a flow that was lost in the clear contradicts', async () => {
    const found = await find(0, { captures: [{ phase: 'encrypted', frames: [clearPing(8, CANARY)] }] });
    expect(found.verdict, found.reason).toBe('contradicts');
  });
  test('where nothing failed it was not exercised', async () => expect((await find(1)).reason).toMatch(/^nothing failed/));
  test('a capture that is not whole is inconclusive', async () =>
    expect((await find(0, { captures: [{ phase: 'encrypted', frames: [espFrame('out', 1)], blind: true }] })).verdict).toBe(
      'inconclusive',
    ));
});
