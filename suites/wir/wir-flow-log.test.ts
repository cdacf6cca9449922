import { describe, expect, test } from 'vitest';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { espFrame, tunnelFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, ipv4Packet, udpDatagram } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type OutputParts } from '../../harness/testing/recording.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const CANARY = 'dd'.repeat(16);
const healthy = [espFrame('out', 1), espFrame('out', 2), espFrame('back', 1), espFrame('back', 2)];
/** A datagram of the first pod to the second, readable in a tunnel. */
const readable = (sport: number): Buffer =>
  tunnelFrame('out', ethernetFrame(ipv4Packet(POD1, POD2, 17, udpDatagram(sport, 9000, Buffer.from(CANARY)))));

const logged = (source: string, destination: string, ports: readonly [number, number] | null, encrypted = true): string =>
  `${JSON.stringify({
    flow: {
      IP: { source, destination, ...(encrypted ? { encrypted } : {}) },
      l4: ports === null ? { ICMPv4: { type: 8 } } : { UDP: { source_port: ports[0], destination_port: ports[1] } },
      trace_observation_point: 'TO_NETWORK',
    },
  })}\n`;

type Said = Partial<Pick<OutputParts, 'stdout' | 'stderr' | 'exitCode'>>;

async function verdictOf(frames: readonly Buffer[] | null, ...said: readonly Said[]) {
  const outputs = said.map(
    (each, index): OutputParts => ({ node: `node${index + 1}`, snapshot: 'after', collector: 'hubble-encrypted', stdout: '', ...each }),
  );
  const recording = buildRecording({
    captures: frames === null ? [] : [{ phase: 'encrypted', frames }],
    traffic: [flow('encrypted', CANARY)],
    outputs,
  });
  return (await judgeAsText(recording, checksOf('WIR'))).verdicts.find(({ id }) => id === 'WIR-16');
}

describe('WIR-16', () => {
  const ours = { stdout: logged(POD1, POD2, [40_000, 9000]) };

  test('contradicts a flow that the log calls encrypted and the wire shows readable (L94)', async () => {
    const found = await verdictOf([...healthy, readable(40_000)], ours);
    expect(found).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining(
        `node1: Hubble calls ${POD1}:40000 > ${POD2}:9000 (udp) encrypted at TO_NETWORK, and the wire shows it readable`,
      ),
    });
  });

  test('supports flows that are not readable, whatever else is', async () => {
    expect((await verdictOf(healthy, ours))?.verdict).toBe('supports');
    expect((await verdictOf([...healthy, readable(40_001)], ours))?.verdict).toBe('supports');
    expect((await verdictOf(healthy, { stdout: logged(NODE1, NODE2, [51_871, 51_871]) }))?.verdict).toBe('supports');
  });

  test('decides nothing by a missing flag, and by a flow without ports', async () => {
    for (const stdout of ['', logged(POD1, POD2, [40_000, 9000], false), logged(POD1, POD2, null)]) {
      const found = await verdictOf([...healthy, readable(40_000)], { stdout });
      expect(found).toMatchObject({ verdict: 'not-exercised', reason: expect.stringContaining('a missing flag decides nothing') });
    }
  });

  test('does not apply where nothing was recorded, there is no Hubble, or the release does not select by the flag', async () => {
    expect(await verdictOf(healthy)).toMatchObject({ verdict: 'not-applicable', reason: 'no log of flows was recorded' });
    const none = { exitCode: 127, stderr: 'sh: 1: hubble: not found\n' };
    expect(await verdictOf(healthy, none, none)).toMatchObject({
      verdict: 'not-applicable',
      reason: expect.stringMatching(/Hubble gave no answer: .*hubble: not found/),
    });
    const old = { exitCode: 1, stderr: 'unknown flag: --encrypted\n' };
    expect(await verdictOf(healthy, old, old)).toMatchObject({
      verdict: 'not-applicable',
      reason: expect.stringMatching(/this release does not select by it/),
    });
    expect(await verdictOf([...healthy, readable(40_000)], ours, none)).toMatchObject({ verdict: 'contradicts' });
  });

  test('is inconclusive where one node answers and the other fails, unless that one has an older release', async () => {
    const [failed, old] = ['sh: 1: hubble: not found\n', 'unknown flag: --encrypted\n'].map((stderr) => ({ exitCode: 1, stderr }));
    expect((await verdictOf(healthy, ours, failed!))?.verdict).toBe('inconclusive');
    expect((await verdictOf(healthy, ours, old!))?.verdict).toBe('supports');
  });

  test('is inconclusive on a log that cannot be read, and without captures', async () => {
    expect(await verdictOf(healthy, { stdout: '?\n' })).toMatchObject({ verdict: 'inconclusive' });
    expect((await verdictOf(null, ours))?.verdict).toBe('inconclusive');
  });
});
