import { describe, expect, test } from 'vitest';
import type { ClusterDescription } from '../../harness/model/cluster.ts';
import type { Phase, TrafficRecord } from '../../harness/model/recording.ts';
import { judgeAsText } from '../../harness/testing/finding-text.ts';
import { espFrame, nodeFrame, tunnelFrame, wireguardFrame } from '../../harness/testing/node-frames.ts';
import { ethernetFrame, genevePacket, ipv4Packet, tcpSegment, udpDatagram } from '../../harness/testing/packets.ts';
import { buildRecording, flow, type RecordingParts } from '../../harness/testing/recording.ts';
import { NODE1, NODE2, POD1, POD2, ROUTER1, twoNodes } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const CLIENT = '192.0.2.10';
const PORT = 30_082;
const CLEAR = 'c1ea'.repeat(8);
const SECRET = '5ec2'.repeat(8);
const POD_CANARY = 'dd'.repeat(16);

const cluster: ClusterDescription = {
  ...twoNodes,
  services: [
    { name: 'port-b', namespace: 'demo', addresses: [], port: 80, nodePort: { port: PORT, kind: 'cluster' }, backends: ['demo/b'] },
    { name: 'port-a', namespace: 'demo', addresses: [], port: 80, nodePort: { port: PORT, kind: 'local' }, backends: ['demo/a'] },
  ],
  outside: { name: 'outside', addresses: [CLIENT] },
};

const request = (src: string, dst: string, canary: string): Buffer =>
  ethernetFrame(ipv4Packet(src, dst, 6, tcpSegment(40_000, PORT, 1, Buffer.from(canary))));
/** Between the client and node1, both ways: always readable. */
const edge = (canary: string): Buffer[] => [
  request(CLIENT, NODE1, canary),
  ethernetFrame(ipv4Packet(NODE1, CLIENT, 6, tcpSegment(PORT, 40_000, 1, Buffer.from(canary)))),
];
/** What node1 sends on to the pod of node2, in a tunnel from the address of its agent's device. */
const sentOn = (canary: string, source = ROUTER1): Buffer =>
  tunnelFrame('out', ethernetFrame(ipv4Packet(source, POD2, 6, tcpSegment(50_000, 80, 1, Buffer.from(canary)))));

const outside = (phase: Phase, canary: string, more: Partial<TrafficRecord> = {}): TrafficRecord =>
  flow(phase, canary, {
    id: 'outside-pod/tcp/ipv4/outside/node1/demo/port-b',
    path: 'outside-pod',
    protocol: 'tcp',
    source: { name: 'outside', kind: 'outside', node: null, address: CLIENT },
    destination: { name: 'demo/port-b', kind: 'service', node: 'node1', address: NODE1 },
    port: PORT,
    answeredBy: ['b'],
    ...more,
  });

const healthy = [espFrame('out', 1), espFrame('back', 1)];
const pods = [flow('clear', CLEAR), flow('encrypted', POD_CANARY)];
const recording = (frames: readonly Buffer[], more: RecordingParts = {}): RecordingParts => ({
  cluster,
  captures: [
    { phase: 'clear', frames: [...edge(CLEAR), sentOn(CLEAR)] },
    { phase: 'encrypted', frames },
  ],
  traffic: [...pods, outside('clear', CLEAR), outside('encrypted', SECRET)],
  ...more,
});

async function judged(synthetic: RecordingParts) {
  const { verdicts, flows } = await judgeAsText(buildRecording(synthetic), checksOf('WIR'));
  return { of: (id: string) => verdicts.find((v) => v.id === id), row: flows.find(({ path }) => path.startsWith('outside')) };
}

describe('a request from outside that a node sends on to another', () => {
  test('is encrypted between the nodes where it can be read between the client and the first alone', async () => {
    const { of, row } = await judged(recording([...healthy, ...edge(SECRET)]));
    expect(row).toMatchObject({ treatment: 'encrypted', verdict: 'supports', clearFrames: 0 });
    expect(row?.controlFrames).toBe(1);
    expect([of('WIR-01')?.facts, of('WIR-03')?.facts].flat().filter((fact) => fact?.flow === row?.id)).toEqual([]);
  });

  test('contradicts where the second way is readable (L81)', async () => {
    const { of, row } = await judged(recording([...healthy, ...edge(SECRET), sentOn(SECRET)]));
    expect(row).toMatchObject({ verdict: 'contradicts', clearFrames: 1, reason: expect.stringContaining(`${ROUTER1}:50000 > ${POD2}:80`) });
    for (const id of ['WIR-01', 'WIR-03', 'WIR-11']) expect([id, of(id)?.verdict]).toEqual([id, 'contradicts']);
  });

  test('contradicts where it goes on with the address of the client, in a tunnel or to the pod itself', async () => {
    for (const frame of [sentOn(SECRET, CLIENT), request(CLIENT, POD2, SECRET)])
      expect((await judged(recording([...healthy, ...edge(SECRET), frame]))).row?.verdict).toBe('contradicts');
  });

  test('proves nothing without ciphertext, or without an answer', async () => {
    expect((await judged(recording(edge(SECRET)))).row?.verdict).toBe('inconclusive');
    const lost = [...pods, outside('clear', CLEAR), outside('encrypted', SECRET, { answered: 0, answeredBy: [] })];
    expect((await judged(recording([...healthy, ...edge(SECRET)], { traffic: lost }))).row?.verdict).toBe('inconclusive');
  });

  test('is clear by design where hosts are, and must then be seen between the nodes', async () => {
    const intent = { routing: 'native' as const };
    const onLink = ethernetFrame(ipv4Packet(NODE1, POD2, 6, tcpSegment(50_000, 80, 1, Buffer.from(SECRET))));
    const answer = ethernetFrame(ipv4Packet(POD2, NODE1, 6, tcpSegment(80, 50_000, 1, Buffer.from(SECRET))));
    const seen = await judged(recording([...healthy, ...edge(SECRET), onLink, answer], { intent }));
    expect(seen.row).toMatchObject({ treatment: 'clear-by-design', verdict: 'supports', clearFrames: 2 });
    const blind = await judged(recording([...healthy, ...edge(SECRET)], { intent }));
    expect(blind.row).toMatchObject({ treatment: 'clear-by-design', verdict: 'inconclusive' });
  });

  test('is encrypted under node encryption and native routing', async () => {
    const intent = { mode: 'wireguard' as const, routing: 'native' as const, nodeEncryption: true };
    const frames = [wireguardFrame('out', 0), wireguardFrame('back', 0), ...edge(SECRET)];
    expect((await judged(recording(frames, { intent }))).row).toMatchObject({ treatment: 'encrypted', verdict: 'supports' });
  });

  test('that was answered on the node that was asked had nothing to send on', async () => {
    const own = [...pods, outside('encrypted', SECRET, { answeredBy: ['a'] })];
    expect((await judged(recording([...healthy, ...edge(SECRET)], { traffic: own }))).row?.verdict).toBe('not-exercised');
  });
});

describe('a request that goes on by DSR, as claimed', () => {
  const GENEVE = { routing: 'geneve', loadBalancer: 'dsr-geneve' } as const;
  /** The other node answers the client itself, with the address that was asked. */
  const answered = [
    request(CLIENT, NODE1, SECRET),
    ethernetFrame(ipv4Packet(NODE1, CLIENT, 6, tcpSegment(PORT, 40_000, 1, Buffer.from(SECRET)))),
  ];
  const onByGeneve = (canary: string) => {
    const inner = ethernetFrame(ipv4Packet(CLIENT, POD2, 6, tcpSegment(40_000, 80, 1, Buffer.from(canary))));
    return nodeFrame('out', 17, udpDatagram(40_000, 6081, genevePacket(0x6558, new Uint8Array(), inner)));
  };
  const clear = { captures: [{ phase: 'clear' as const, frames: [...edge(CLEAR), onByGeneve(CLEAR)] }] };

  test('in Geneve is encrypted as the whole tunnel is, and red where the tunnel is readable', async () => {
    const intent = GENEVE;
    const seen = (frames: readonly Buffer[]) =>
      judged(recording(frames, { intent, captures: [...clear.captures, { phase: 'encrypted', frames }] }));
    expect((await seen([...healthy, ...answered])).row).toMatchObject({ treatment: 'encrypted', verdict: 'supports' });
    const leak = await seen([...healthy, ...answered, onByGeneve(SECRET)]);
    expect(leak.row).toMatchObject({ verdict: 'contradicts', clearFrames: 1 });
    expect(leak.of('WIR-01')?.verdict).toBe('contradicts');
  });

  test('in Geneve is clear by design up to 1.17 with IPsec, where tunnels are not encrypted as a whole', async () => {
    const intent = { ...GENEVE, profile: '1.17' };
    const frames = [...healthy, ...answered, onByGeneve(SECRET)];
    const { row, of } = await judged(recording(frames, { intent, captures: [...clear.captures, { phase: 'encrypted', frames }] }));
    expect(row).toMatchObject({ treatment: 'clear-by-design', verdict: 'supports', clearFrames: 1 });
    expect((of('WIR-01')?.facts ?? []).filter((fact) => fact.flow === row?.id)).toEqual([]);
    const strange = (facts: readonly { readonly text: string }[] | undefined) => facts?.filter(({ text }) => text.includes(`${CLIENT}:`));
    expect(strange(of('WIR-04')?.facts)).toEqual([]);
    const unclaimed = await judged(
      recording(frames, { intent: { ...intent, loadBalancer: 'snat' }, captures: [...clear.captures, { phase: 'encrypted', frames }] }),
    );
    expect(strange(unclaimed.of('WIR-04')?.facts)?.[0]?.text).toContain('nothing on record explains it');
  });

  test.each(['dsr-opt', 'dsr-ipip'] as const)('as %s is clear by design, and nobody else may see a pod readable', async (loadBalancer) => {
    const intent = { routing: 'native' as const, loadBalancer };
    const bare = (canary: string) => request(CLIENT, POD2, canary);
    const frames = [...healthy, ...answered, bare(SECRET)];
    const captures = [
      { phase: 'clear' as const, frames: [...edge(CLEAR), bare(CLEAR)] },
      { phase: 'encrypted' as const, frames },
    ];
    expect((await judged(recording(frames, { intent, captures }))).row).toMatchObject({
      treatment: 'clear-by-design',
      verdict: 'supports',
    });
  });

  test('is not taken for a request to the pod’s own node, which has the same addresses', async () => {
    const own = 'a0'.repeat(16);
    const direct = outside('encrypted', own, {
      id: 'outside-node/tcp/ipv4/outside/node2/demo/port-b',
      path: 'outside-node',
      destination: { name: 'demo/port-b', kind: 'service', node: 'node2', address: NODE2 },
    });
    const traffic = [...pods, outside('encrypted', SECRET), direct];
    const rowOfDirect = async (more: readonly Buffer[] = [], loadBalancer: 'snat' | 'dsr-opt' = 'dsr-opt') => {
      // The first packets of a connection have no canary: by their addresses they may be of either.
      const opening = request(CLIENT, POD2, '');
      const frames = [...healthy, ...answered, request(CLIENT, NODE2, own), opening, request(CLIENT, POD2, SECRET), ...more];
      const intent = { routing: 'native' as const, loadBalancer };
      const { flows } = await judgeAsText(buildRecording(recording(frames, { intent, traffic })), checksOf('WIR'));
      return flows.find(({ id }) => id === direct.id);
    };
    expect(await rowOfDirect()).toMatchObject({ verdict: 'supports' });
    expect(await rowOfDirect([], 'snat')).toMatchObject({ verdict: 'contradicts' });
    expect(await rowOfDirect([request(CLIENT, POD2, own)])).toMatchObject({
      verdict: 'contradicts',
      reason: expect.stringContaining(`${CLIENT}:40000 > ${POD2}`),
    });
  });

  test('by XDP is clear by design in every layout', async () => {
    const intent = { loadBalancer: 'snat' as const, loadBalancerXdp: true };
    const { row } = await judged(recording([...healthy, ...edge(SECRET), sentOn(SECRET)], { intent }));
    expect(row).toMatchObject({ treatment: 'clear-by-design', verdict: 'supports' });
  });
});

describe('a request from outside to a pod of the node that is asked', () => {
  const local = outside('encrypted', SECRET, {
    id: 'outside-node/tcp/ipv4/outside/node1/demo/port-a',
    path: 'outside-node',
    destination: { name: 'demo/port-a', kind: 'service', node: 'node1', address: NODE1 },
    answeredBy: ['a'],
  });
  const traffic = [...pods, local];

  test('is seen between the client and that node alone', async () => {
    const { row } = await judged(recording([...healthy, ...edge(SECRET)], { traffic }));
    expect(row).toMatchObject({ treatment: 'clear-by-design', verdict: 'supports', reason: expect.stringContaining('2 frame(s)') });
  });

  test('contradicts where it leaves that node for another', async () => {
    const stray = ethernetFrame(ipv4Packet(CLIENT, POD1, 6, tcpSegment(40_000, 80, 1, Buffer.from(SECRET))));
    const astray = [...healthy, ...edge(SECRET), tunnelFrame('out', stray)];
    expect((await judged(recording(astray, { traffic }))).row?.verdict).toBe('contradicts');
  });

  test('that no capture shows proves that the capture is blind', async () => {
    const { row } = await judged(recording([...healthy, request(CLIENT, NODE2, CLEAR)], { traffic }));
    expect(row?.verdict).toBe('inconclusive');
  });
});
