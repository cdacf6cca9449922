import { describe, expect, test } from 'vitest';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { clearPing, espFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, icmpEcho, ipv4Packet } from '../../harness/testing/packets.ts';
import { buildRecording, type CaptureParts, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { NODE1, twoNodes } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

import {
  CLEAR_CANARY,
  clearPhase,
  encrypted,
  expectWirVerdict,
  healthyEsp,
  healthyWireguard,
  JUDGED_CANARY,
  traffic,
  wirVerdicts,
} from './testdata/wir-recording.ts';

describe('traffic of the nodes', () => {
  const nodes = (phase: 'clear' | 'encrypted', canary: string) => {
    const end = (name: string, address: string) => ({ name, kind: 'node' as const, node: name, address });
    return flow(phase, canary, {
      id: 'node-node/icmp',
      path: 'node-node',
      source: end('node1', '172.18.0.1'),
      destination: end('node2', '172.18.0.2'),
    });
  };
  const ping = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 1, icmpEcho(8, Buffer.from(JUDGED_CANARY, 'hex'))));
  const captures = [clearPhase, encrypted([...healthyWireguard, ping])];

  test('is clear by design without node encryption, and is counted', async () => {
    const synthetic = { intent: { mode: 'wireguard' as const }, captures, traffic: [...traffic, nodes('encrypted', 'ee'.repeat(16))] };
    await expectWirVerdict('WIR-01', 'supports', {
      ...synthetic,
      traffic: [flow('clear', CLEAR_CANARY), flow('encrypted', 'dd'.repeat(16)), nodes('encrypted', JUDGED_CANARY)],
    });
    await expectWirVerdict('WIR-12', 'supports', synthetic, /1 flow\(s\) clear by design/);
  });

  test('in the clear under node encryption contradicts, driven or not (L22)', async () => {
    const intent = { mode: 'wireguard' as const, nodeEncryption: true };
    const driven = [flow('clear', CLEAR_CANARY), nodes('encrypted', JUDGED_CANARY)];
    await expectWirVerdict('WIR-01', 'contradicts', { intent, captures, traffic: driven }, /node-node\/icmp/);
    await expectWirVerdict('WIR-11', 'contradicts', { intent, captures, traffic: driven }, /node-node\/icmp/);
    const others = [flow('clear', CLEAR_CANARY), flow('encrypted', 'dd'.repeat(16))];
    await expectWirVerdict('WIR-01', 'contradicts', { intent, captures, traffic: others }, /undriven traffic/);
  });

  test('a pod’s flow under another address is told by its canary (L38)', async () => {
    await expectWirVerdict(
      'WIR-01',
      'contradicts',
      { intent: { mode: 'wireguard' }, captures, traffic },
      /172\.18\.0\.1 > 172\.18\.0\.2 icmp/,
    );
  });

  test('intent none claims nothing of encryption (H18)', async () => {
    const found = await wirVerdicts({ intent: { mode: 'none' }, captures: [encrypted([clearPing(8, JUDGED_CANARY)])], traffic });
    expect(found.get('WIR-01')?.verdict).toBe('not-applicable');
    expect(found.get('WIR-04')?.verdict).toBe('supports');
    expect(found.get('WIR-12')?.verdict).toBe('supports');
  });
});

describe('WIR-10, WIR-11 and WIR-13', () => {
  test('no large flow is not exercised; one in the clear contradicts (L35); as ciphertext it supports', async () => {
    await expectWirVerdict('WIR-10', 'not-exercised', { captures: [clearPhase, encrypted(healthyEsp)], traffic });
    const large = [flow('clear', CLEAR_CANARY, { largeBytes: 3000 }), flow('encrypted', JUDGED_CANARY, { largeBytes: 3000 })];
    await expectWirVerdict('WIR-10', 'contradicts', {
      captures: [clearPhase, encrypted([...healthyEsp, clearPing(8, JUDGED_CANARY)])],
      traffic: large,
    });
    const big = [espFrame('out', 1, 3, 1400), espFrame('back', 1, 3, 1400)];
    await expectWirVerdict('WIR-10', 'supports', { captures: [clearPhase, encrypted(big)], traffic: large });
  });
  test('what the version drops by design supports when nobody answered, and is as any flow when somebody did', async () => {
    const large = (sent: number, answered: number) => [
      flow('clear', CLEAR_CANARY, { largeBytes: 3000 }),
      flow('encrypted', JUDGED_CANARY, { largeBytes: 3000, sent, answered, note: '' }),
    ];
    const intent = { profile: '1.18' };
    const rowOf = async (sent: number, answered: number, frames: readonly Uint8Array[]) =>
      (
        await judgeAsText(
          buildRecording({ intent, captures: [clearPhase, encrypted(frames)], traffic: large(sent, answered) }),
          checksOf('WIR'),
        )
      ).flows[0];
    expect(await rowOf(1, 0, healthyEsp)).toMatchObject({ treatment: 'dropped', verdict: 'supports' });
    expect(await rowOf(1, 0, [...healthyEsp, clearPing(8, JUDGED_CANARY)])).toMatchObject({
      treatment: 'encrypted',
      verdict: 'contradicts',
    });
    expect(await rowOf(0, 0, healthyEsp)).toMatchObject({ treatment: 'dropped', verdict: 'inconclusive' });
    expect(await rowOf(1, 1, healthyEsp)).toMatchObject({ treatment: 'encrypted', verdict: 'supports' });
  });

  test('a cell left out is named', async () => {
    await expectWirVerdict(
      'WIR-11',
      'inconclusive',
      { captures: [clearPhase, encrypted(healthyEsp)], traffic },
      /not driven: .*node-node|not driven/,
    );
  });

  test('SCTP that is claimed and was not driven is named, and otherwise not', async () => {
    const recording = { captures: [clearPhase, encrypted(healthyEsp)], traffic };
    const of = async (intent: NonNullable<RecordingParts['intent']>) => (await wirVerdicts({ ...recording, intent })).get('WIR-11')?.reason;
    expect(await of({ sctp: true })).toMatch(/not driven: SCTP over ipv4, which is claimed/);
    expect(await of({})).not.toMatch(/SCTP/);
  });

  test('where a sample was planned, only its cells must be driven, and what that shows of all is said', async () => {
    const third = { name: 'node3', addresses: ['172.18.0.3'], podCidrs: ['10.0.3.0/24'], internalAddresses: ['10.0.3.1'], uplink: 'eth0' };
    const cluster = { ...twoNodes, nodes: [...twoNodes.nodes, third] };
    const recording = { cluster, captures: [clearPhase, encrypted(healthyEsp)], traffic };
    const seed = '00'.repeat(16);
    const of = async (parts: Partial<RecordingParts>) => (await wirVerdicts({ ...recording, ...parts })).get('WIR-11');
    const [whole, first, second] = [
      await of({}),
      await of({ sample: { partners: 1, seed, round: 0 } }),
      await of({ sample: { partners: 1, seed, round: 1 } }),
    ];
    const open = (told: typeof whole): number => (told?.facts.length ?? 0) + (told?.omitted ?? 0);
    // That node3 was not tested is open in both.
    expect(open(first) + open(second)).toBe(open(whole) + 1);
    for (const one of [first, second]) expect(open(one)).toBeLessThan(open(whole));
    expect(whole?.observed).not.toContain('sampled');
    expect(`${first?.observed} ${second?.observed}`).toMatch(
      /0 clear in 1 sampled of 6 ordered pairs of nodes \(2 more were sampled and not proven\)/,
    );
  });

  test('a node without a test pod is named, also where its pod only called a service or was pinged', async () => {
    const third = {
      name: 'node3',
      addresses: ['172.18.0.3'],
      podCidrs: ['10.0.3.0/24'],
      internalAddresses: ['10.0.3.1'],
      uplink: 'eth0',
    };
    const cluster = { ...twoNodes, nodes: [...twoNodes.nodes, third] };
    const end = (name: string, node: string, address: string) => ({ name, kind: 'pod' as const, node, address });
    const toNode = flow('encrypted', 'ab'.repeat(16), {
      id: 'pod-node/icmp',
      path: 'pod-node',
      source: end('demo/c', 'node3', '10.0.3.10'),
      destination: { name: 'node1', kind: 'node', node: 'node1', address: NODE1 },
    });
    const recording = { cluster, captures: [clearPhase, encrypted(healthyEsp)], traffic: [...traffic, toNode] };
    await expectWirVerdict('WIR-11', 'inconclusive', recording, /node3: no test pod there had traffic with a pod of another node/);
    const two = await wirVerdicts({ captures: [clearPhase, encrypted(healthyEsp)], traffic });
    expect(two.get('WIR-11')?.reason).not.toMatch(/no test pod/);
  });

  test('wire and uplinks agree, or the uplink was another interface', async () => {
    const nic = (node: string, frames: readonly Uint8Array[]): CaptureParts => ({
      phase: 'encrypted',
      record: { vantage: 'nic', node },
      frames,
    });
    const both = [clearPhase, encrypted(healthyEsp), nic('node1', healthyEsp), nic('node2', healthyEsp)];
    await expectWirVerdict('WIR-13', 'supports', { captures: both, traffic });
    const wrong = [clearPhase, encrypted(healthyEsp), nic('node1', [clearPing(0, JUDGED_CANARY)]), nic('node2', healthyEsp)];
    await expectWirVerdict('WIR-13', 'contradicts', { captures: wrong, traffic }, /node1: 1 on the wire, 0/);
    await expectWirVerdict('WIR-01', 'supports', { captures: wrong, traffic });
  });
});
