import { describe, expect, test } from 'vitest';
import type { Phase, TrafficRecord } from '../../harness/model/recording.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { espFrame, tunnelFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { POD1, ROUTER1 } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const HEALTH2 = '10.0.2.254';
const CLEAR = 'c1ea'.repeat(8);
const SECRET = '5ec2'.repeat(8);

const request = (source: string, canary: string): Buffer =>
  tunnelFrame('out', ethernetFrame(ipv4Packet(source, HEALTH2, 6, tcpSegment(50_000, 4240, 1, Buffer.from(canary)))));
const asked = (phase: Phase, canary: string, more: Partial<TrafficRecord> = {}): TrafficRecord =>
  flow(phase, canary, {
    id: 'pod-health/tcp/ipv4/demo/a/node2/health',
    path: 'pod-health',
    protocol: 'tcp',
    destination: { name: 'node2/health', kind: 'health', node: 'node2', address: HEALTH2 },
    port: 4240,
    ...more,
  });
const healthy = [espFrame('out', 1), espFrame('out', 2), espFrame('back', 1), espFrame('back', 2)];
const recording = (frames: readonly Buffer[], own: readonly TrafficRecord[], intent: RecordingParts['intent'] = {}): RecordingParts => ({
  intent,
  captures: [
    { phase: 'clear', frames: [request(POD1, CLEAR)] },
    { phase: 'encrypted', frames },
  ],
  traffic: [flow('encrypted', 'dd'.repeat(16)), ...own],
});

async function judged(synthetic: RecordingParts) {
  const { verdicts, flows } = await judgeAsText(buildRecording(synthetic), checksOf('WIR'));
  return { of: (id: string) => verdicts.find((v) => v.id === id), row: flows.find(({ path }) => path === 'pod-health') };
}

describe('the health endpoint of a node', () => {
  const both = [asked('clear', CLEAR), asked('encrypted', SECRET)];

  test('is reached encrypted, as a pod is', async () => {
    const { row } = await judged(recording(healthy, both));
    expect(row).toMatchObject({ treatment: 'encrypted', verdict: 'supports', controlFrames: 1 });
  });

  test('contradicts where it is readable (L82)', async () => {
    const { of, row } = await judged(recording([...healthy, request(POD1, SECRET)], both));
    expect(row).toMatchObject({ verdict: 'contradicts', reason: expect.stringContaining('all of them requests') });
    for (const id of ['WIR-01', 'WIR-03', 'WIR-11']) expect([id, of(id)?.verdict]).toEqual([id, 'contradicts']);
  });

  test('that does not answer is not exercised, unless what was asked is readable', async () => {
    const silent = [asked('clear', CLEAR), asked('encrypted', SECRET, { answered: 0 })];
    const { of, row } = await judged(recording(healthy, silent));
    expect(row?.verdict).toBe('not-exercised');
    expect(of('WIR-02')?.verdict, of('WIR-02')?.reason).toBe('supports');
    expect((await judged(recording([...healthy, request(POD1, SECRET)], silent))).row?.verdict).toBe('contradicts');
  });

  test('that an agent asks in a readable tunnel is a leak from 1.18 on, and by design before', async () => {
    const stray = [...healthy, request(ROUTER1, 'nobody drove this')];
    const after = (await judged(recording(stray, []))).of('WIR-01');
    expect([after?.verdict, after?.reason]).toEqual(['contradicts', expect.stringContaining(`${ROUTER1}:50000 > ${HEALTH2}:4240`)]);
    const before = (await judged(recording(stray, [], { profile: '1.17' }))).of('WIR-01');
    expect(before?.verdict).not.toBe('contradicts');
  });
});
