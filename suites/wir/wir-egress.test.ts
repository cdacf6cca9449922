import { describe, expect, test } from 'vitest';
import type { ClusterDescription } from '../../harness/model/cluster.ts';
import type { Phase, TrafficRecord } from '../../harness/model/recording.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { espFrame, tunnelFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, tcpSegment } from '../../harness/testing/packets.ts';
import { buildRecording, flow } from '../../harness/testing/recording.ts';
import { NODE1, NODE2, POD1, twoNodes } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const OUTSIDE = '192.0.2.10';
const CLEAR = 'c1ea'.repeat(8);
const SECRET = '5ec2'.repeat(8);
const cluster: ClusterDescription = { ...twoNodes, outside: { name: 'outside', addresses: [OUTSIDE] } };

const segment = (src: string, dst: string, canary: string, reply = false): Buffer =>
  ethernetFrame(ipv4Packet(src, dst, 6, tcpSegment(reply ? 80 : 40_000, reply ? 40_000 : 80, 1, Buffer.from(canary))));
/** Between a node and the destination, both ways: always readable. */
const edge = (node: string, canary: string): Buffer[] => [segment(node, OUTSIDE, canary), segment(OUTSIDE, node, canary, true)];
/** In the tunnel of the two nodes, readable. */
const request = (canary: string): Buffer => tunnelFrame('out', segment(POD1, OUTSIDE, canary));
const answer = (canary: string): Buffer => tunnelFrame('back', segment(OUTSIDE, POD1, canary, true));
const healthy = [espFrame('out', 1), espFrame('out', 2), espFrame('back', 1), espFrame('back', 2)];

const driven = (phase: Phase, canary: string): TrafficRecord =>
  flow(phase, canary, {
    id: 'pod-egress/tcp/ipv4/demo/a/outside',
    path: 'pod-egress',
    protocol: 'tcp',
    destination: { name: 'outside', kind: 'outside', node: 'node2', address: OUTSIDE },
    port: 80,
  });

async function judged(frames: readonly Buffer[], flows = [driven('clear', CLEAR), driven('encrypted', SECRET)]) {
  const recording = buildRecording({
    cluster,
    intent: { egressGateway: 'node2' },
    captures: [
      { phase: 'clear', frames: [request(CLEAR), answer(CLEAR), ...edge(NODE2, CLEAR)] },
      { phase: 'encrypted', frames },
    ],
    traffic: [flow('encrypted', 'dd'.repeat(16)), ...flows],
  });
  const { verdicts, flows: rows } = await judgeAsText(recording, checksOf('WIR'));
  return { of: (id: string) => verdicts.find((v) => v.id === id), row: rows.find(({ path }) => path === 'pod-egress') };
}

describe('a pod that reaches outside by an egress gateway', () => {
  test('is encrypted between the nodes where only the way from the gateway on is readable', async () => {
    const { row, of } = await judged([...healthy, ...edge(NODE2, SECRET)]);
    expect(row).toMatchObject({ treatment: 'encrypted', verdict: 'supports', clearFrames: 0 });
    expect((of('WIR-01')?.facts ?? []).filter((fact) => fact.flow === row?.id)).toEqual([]);
  });

  test.each([
    ['requests', request],
    ['answers', answer],
  ] as const)('contradicts where its %s are readable in the tunnel (L95, L96)', async (way, frame) => {
    const { row, of } = await judged([...healthy, ...edge(NODE2, SECRET), frame(SECRET)]);
    expect(row).toMatchObject({ verdict: 'contradicts', clearFrames: 1, reason: expect.stringContaining(`all of them ${way}`) });
    for (const id of ['WIR-01', 'WIR-03', 'WIR-11']) expect([id, of(id)?.verdict]).toEqual([id, 'contradicts']);
  });

  test('contradicts where it leaves its own node for outside, and proves nothing where nobody saw it leave', async () => {
    expect((await judged([...healthy, ...edge(NODE1, SECRET)])).row).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining('it left node1 for outside, not by the egress gateway node2'),
    });
    expect((await judged(healthy)).row).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringContaining('not seen between the egress gateway'),
    });
  });

  test('is explained inside the encryption, where captures show it in the tunnel', async () => {
    const inside = {
      phase: 'encrypted' as const,
      frames: [request(SECRET), answer(SECRET)],
      record: { vantage: 'wireguard' as const, node: 'node1' },
    };
    const gaps = (egressGateway: string | undefined) =>
      judgeAsText(
        buildRecording({
          cluster,
          intent: egressGateway === undefined ? {} : { egressGateway },
          captures: [{ phase: 'encrypted', frames: [...healthy, ...edge(NODE2, SECRET)] }, inside],
          traffic: [flow('encrypted', 'dd'.repeat(16))],
        }),
        checksOf('WIR'),
      ).then(
        ({ verdicts }) =>
          verdicts.find(({ id }) => id === 'WIR-04')?.facts.filter(({ text }) => text.includes('nothing on record explains')).length,
      );
    expect(await gaps('node2')).toBe(0);
    expect(await gaps(undefined)).toBe(2);
  });

  test('is missed where it is claimed and was not driven', async () => {
    const reason = (await judged(healthy, []))
      .of('WIR-11')
      ?.facts.map(({ text }) => text)
      .join('; ');
    expect(reason).toContain('not driven: the egress gateway node2 over ipv4, which is claimed');
  });
});
