import { describe, expect, test } from 'vitest';
import { judge } from '../../harness/judge/judge.ts';
import type { Verdict } from '../../harness/model/verdict.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { clearPing, espFrame, espInVxlan, initiationFrame, wireguardFrame } from '../../harness/testing/node-frames.ts';
import { espPacket, ethernetFrame, icmpEcho, ipv4Packet, udpDatagram } from '../../harness/testing/packets.ts';
import {
  buildRecording,
  type CaptureParts,
  flow,
  outputsByNode,
  publishedKeys,
  type RecordingParts,
} from '../../harness/testing/recording.ts';
import { NODE1, twoNodes } from '../../harness/testing/two-nodes.ts';
import { checksOf } from '../catalogue.ts';

const CLEAR = 'c1ea'.repeat(8);
const SECRET = '5ec2'.repeat(8);
const traffic = [flow('clear', CLEAR), flow('encrypted', SECRET)];
const clearPhase: CaptureParts = { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] };
const encrypted = (frames: readonly Uint8Array[], more: Partial<CaptureParts> = {}): CaptureParts => ({
  phase: 'encrypted',
  frames,
  ...more,
});
const healthyEsp = [espFrame('out', 1), espFrame('back', 1)];
const healthyWireguard = [wireguardFrame('out', 0), wireguardFrame('back', 0)];
const states = (spi: string): string =>
  [
    ['172.18.0.1', '172.18.0.2'],
    ['172.18.0.2', '172.18.0.1'],
  ]
    .map(([src, dst]) => `src ${src} dst ${dst}\n\tproto esp spi ${spi} reqid 1 mode tunnel\n\treplay-window 0 \n`)
    .join('');

async function verdictsOf(synthetic: RecordingParts): Promise<Map<string, VerdictText>> {
  const { verdicts } = await judgeAsText(buildRecording(synthetic), checksOf('WIR'));
  return new Map(verdicts.map((v) => [v.id, v]));
}

async function expectVerdict(id: string, verdict: Verdict, synthetic: RecordingParts, reason: RegExp = /./): Promise<void> {
  const found = (await verdictsOf(synthetic)).get(id);
  expect(found?.verdict, found?.reason).toBe(verdict);
  expect(found?.reason).toMatch(reason);
}

describe('a healthy recording', () => {
  test.each(['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-05', 'WIR-09', 'WIR-12'])('%s supports IPsec', async (id) => {
    await expectVerdict(id, 'supports', { captures: [clearPhase, encrypted(healthyEsp)], traffic });
  });

  test.each(['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-08', 'WIR-12'])('%s supports WireGuard', async (id) => {
    await expectVerdict(id, 'supports', { intent: { mode: 'wireguard' }, captures: [clearPhase, encrypted(healthyWireguard)], traffic });
  });

  test('checks of the other mode do not apply', async () => {
    const found = await verdictsOf({ captures: [clearPhase, encrypted(healthyEsp)], traffic });
    expect(found.get('WIR-08')?.verdict).toBe('not-applicable');
    expect(found.get('WIR-07')?.reason).toMatch(/no kernel printed the key of an SA/);
    expect(found.get('WIR-07')?.verdict).toBe('not-exercised');
  });
});

describe('encryption off though claimed (L01)', () => {
  const off: RecordingParts = { captures: [clearPhase, encrypted([clearPing(8, SECRET), clearPing(0, SECRET)])], traffic };

  test('WIR-01 names the flow and where it was seen', async () => {
    await expectVerdict('WIR-01', 'contradicts', off, /demo\/a -> demo\/b.*2 frame\(s\) in the clear.*vxlan.*pod-pod\/icmp\/a\/b/);
  });
  test('the flow has its first readable frame, and what was driven by nobody too', async () => {
    const { flows } = await judge(buildRecording(off), checksOf('WIR'));
    expect(flows.map(({ firstReadable }) => firstReadable?.frame)).toEqual([2]);
    const stray = ethernetFrame(ipv4Packet('10.0.1.11', '10.0.2.10', 6, Buffer.alloc(20)));
    const { verdicts } = await judge(
      buildRecording({ captures: [clearPhase, encrypted([...healthyEsp, stray])], traffic }),
      checksOf('WIR'),
    );
    const fact = verdicts.find(({ id }) => id === 'WIR-01')!.facts.find(({ frame }) => frame !== undefined);
    expect(fact).toMatchObject({ frame: 4, capture: flows[0]!.firstReadable!.capture });
  });
  test('WIR-02 names the direction without ciphertext', async () => {
    await expectVerdict('WIR-02', 'contradicts', off, /no esp frame went node1 -> node2; .*no esp frame went node2 -> node1/);
  });
  test('WIR-03 names the canary', async () => {
    await expectVerdict('WIR-03', 'contradicts', off, new RegExp(`canary ${SECRET} of flow pod-pod`));
  });
});

describe('WIR-01', () => {
  test('one direction in the clear is enough, and is named (L05, L52, L80)', async () => {
    const oneWay = (type: 0 | 8): RecordingParts => ({
      captures: [clearPhase, encrypted([...healthyEsp, clearPing(type, SECRET)])],
      traffic,
    });
    await expectVerdict('WIR-01', 'contradicts', oneWay(0), /1 frame\(s\) in the clear, all of them answers, the first/);
    await expectVerdict('WIR-01', 'contradicts', oneWay(8), /1 frame\(s\) in the clear, all of them requests, the first/);
  });
  test('a later fragment between pods, whose first was not seen, is of any flow between them (L28d)', async () => {
    const fragment = ethernetFrame(ipv4Packet('10.0.1.11', '10.0.2.10', 17, Buffer.from('the middle of a datagram')));
    fragment.writeUInt16BE(185, 14 + 6);
    const found = await verdictsOf({ captures: [clearPhase, encrypted([...healthyEsp, fragment])], traffic });
    expect(found.get('WIR-01')?.verdict, found.get('WIR-01')?.reason).toBe('contradicts');
    expect(found.get('WIR-04')?.verdict).toBe('inconclusive');
  });
  test('a later fragment between nodes may be of anything: not proven either way', async () => {
    const fragment = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 17, Buffer.from('the middle of a datagram')));
    fragment.writeUInt16BE(185, 14 + 6);
    await expectVerdict('WIR-01', 'inconclusive', { captures: [clearPhase, encrypted([...healthyEsp, fragment])], traffic }, /1 unknown/);
  });
  test('plaintext that nobody drove counts too', async () => {
    const stranger = ethernetFrame(ipv4Packet('10.0.1.77', '10.0.2.88', 17, udpDatagram(5000, 5001, Buffer.from('hello'))));
    await expectVerdict(
      'WIR-01',
      'contradicts',
      { captures: [clearPhase, encrypted([...healthyEsp, stranger])], traffic },
      /undriven traffic/,
    );
  });
  test('a frame that cannot be read leaves it open', async () => {
    const odd = ethernetFrame(Buffer.alloc(60, 1), 0x1234);
    await expectVerdict('WIR-01', 'inconclusive', { captures: [clearPhase, encrypted([...healthyEsp, odd])], traffic }, /1 unknown/);
  });
  test('nothing driven proves nothing', async () => {
    await expectVerdict('WIR-01', 'inconclusive', { captures: [clearPhase, encrypted(healthyEsp)], traffic: [] }, /no flow/);
  });
  test('no capture proves nothing', async () => {
    await expectVerdict('WIR-01', 'inconclusive', { captures: [], traffic }, /no capture on the wire/);
  });
  test('an unknown version proves nothing', async () => {
    await expectVerdict('WIR-01', 'inconclusive', { intent: { profile: '9.9' }, captures: [clearPhase, encrypted(healthyEsp)], traffic });
  });
});

describe('WIR-02', () => {
  test('nothing answered proves nothing (L04)', async () => {
    const blocked = [flow('clear', CLEAR), flow('encrypted', SECRET, { answered: 0 })];
    await expectVerdict(
      'WIR-02',
      'inconclusive',
      { captures: [clearPhase, encrypted(healthyEsp)], traffic: blocked },
      /no request of .* was answered/,
    );
  });
  test('the other mode’s ciphertext is not this one’s (L02)', async () => {
    await expectVerdict('WIR-02', 'contradicts', { captures: [clearPhase, encrypted(healthyWireguard)], traffic });
  });
});

describe('WIR-03', () => {
  test('without a positive control it proves nothing', async () => {
    await expectVerdict('WIR-03', 'inconclusive', { captures: [encrypted(healthyEsp)], traffic }, /positive control missing/);
  });
  test('a canary inside what looks like ESP is a canary on the wire', async () => {
    const fake = Buffer.concat([espPacket(3, 7, 16), Buffer.from(SECRET, 'hex'), Buffer.alloc(16)]);
    const frame = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 50, fake));
    await expectVerdict('WIR-03', 'contradicts', { captures: [clearPhase, encrypted([...healthyEsp, frame])], traffic }, /class clear/);
  });
});

describe('WIR-04: a capture that lies supports nothing (L31)', () => {
  const lies: [string, Partial<CaptureParts>, RegExp][] = [
    ['kernel drops', { record: { counters: { captured: 4, receivedByFilter: 9, droppedByKernel: 5 } } }, /kernel dropped 5/],
    ['killed tcpdump', { record: { counters: null } }, /closing counters are missing/],
    ['beacons not seen', { blind: true }, /beacon at the start was not seen/],
    ['file cut in a record', { cut: 5 }, /ends inside a record/],
    [
      'file without the frames that were counted',
      { record: { counters: { captured: 9, receivedByFilter: 9, droppedByKernel: 0 } } },
      /captured 9 packet/,
    ],
    ['file without a header', { cut: 10_000 }, /could not be read|empty/],
  ];
  test.each(lies)('%s', async (_, lie, reason) => {
    const synthetic = { captures: [clearPhase, encrypted(healthyEsp, lie)], traffic };
    await expectVerdict('WIR-04', 'inconclusive', synthetic, reason);
    await expectVerdict('WIR-01', 'inconclusive', synthetic);
    await expectVerdict('WIR-02', 'inconclusive', synthetic);
    await expectVerdict('WIR-03', 'inconclusive', synthetic);
  });
});

describe('WIR-05 and WIR-06', () => {
  test('the other version’s order contradicts (L27)', async () => {
    const other = [espInVxlan('out', 1), espInVxlan('back', 1)];
    await expectVerdict('WIR-05', 'contradicts', { captures: [clearPhase, encrypted(other)], traffic }, /esp-in-vxlan/);
    await expectVerdict('WIR-05', 'supports', { intent: { profile: '1.17' }, captures: [clearPhase, encrypted(other)], traffic });
  });
  test('SPIs of both nodes support, a foreign one contradicts', async () => {
    const captures = [clearPhase, encrypted(healthyEsp)];
    const known = { node1: states('0x00000003'), node2: states('0x00000003') };
    await expectVerdict('WIR-06', 'supports', { captures, traffic, outputs: outputsByNode('xfrm-state', known) });
    await expectVerdict(
      'WIR-06',
      'contradicts',
      { captures, traffic, outputs: outputsByNode('xfrm-state', { ...known, node2: states('0x00000004') }) },
      /does not belong to an SA of node2/,
    );
    await expectVerdict('WIR-06', 'inconclusive', { captures, traffic });
  });
});

describe('WIR-08 and WIR-09', () => {
  test('UDP on the port that is no WireGuard contradicts (L30)', async () => {
    const stranger = ethernetFrame(
      ipv4Packet('172.18.0.1', '172.18.0.2', 17, udpDatagram(51871, 51871, Buffer.from('not a handshake at all'))),
    );
    const captures = [clearPhase, encrypted([...healthyWireguard, stranger])];
    await expectVerdict('WIR-08', 'contradicts', { intent: { mode: 'wireguard' }, captures, traffic }, /not WireGuard/);
  });
  test('a handshake for another key than the published one contradicts (L19)', async () => {
    const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
    const captures = [clearPhase, encrypted([initiationFrame(key(2)), ...healthyWireguard])];
    const base = { intent: { mode: 'wireguard' as const }, captures, traffic };
    await expectVerdict('WIR-08', 'supports', { ...base, outputs: [publishedKeys({ node1: key(1), node2: key(2) })] }, /1 valid/);
    await expectVerdict(
      'WIR-08',
      'contradicts',
      { ...base, outputs: [publishedKeys({ node1: key(1), node2: key(3) })] },
      /published key of node2/,
    );
    await expectVerdict('WIR-08', 'inconclusive', base, /public key was not read/);
  });
  test('a WireGuard counter that comes twice is a replay', async () => {
    const captures = [clearPhase, encrypted([...healthyWireguard, wireguardFrame('out', 0)])];
    await expectVerdict(
      'WIR-08',
      'contradicts',
      { intent: { mode: 'wireguard' }, captures, traffic },
      /counter 0 again with the same content/,
    );
  });
  test('an initialisation vector that repeats contradicts', async () => {
    const again = Buffer.from(espFrame('out', 2));
    again.writeBigUInt64BE(1n, 14 + 20 + 8);
    const captures = [clearPhase, encrypted([...healthyEsp, again])];
    await expectVerdict('WIR-09', 'contradicts', { captures, traffic }, /uses the initialisation vector of sequence 1 again for 2/);
  });
  test('the low half of an extended sequence number may fall when the kernel counts the high half up', async () => {
    const captures = [clearPhase, encrypted([espFrame('out', 0xffff_fffe), espFrame('out', 1), espFrame('back', 1)])];
    await expectVerdict('WIR-09', 'contradicts', { captures, traffic }, /decreases from 4294967294 to 1/);
  });
  test('a replayed frame contradicts (L29)', async () => {
    const captures = [clearPhase, encrypted([...healthyEsp, espFrame('out', 1)])];
    await expectVerdict('WIR-09', 'contradicts', { captures, traffic }, /repeats 1 sequence/);
  });
  test('a sequence number with another content is named (L40)', async () => {
    const captures = [clearPhase, encrypted([...healthyEsp, espFrame('out', 1, 3, 96)])];
    await expectVerdict('WIR-09', 'contradicts', { captures, traffic }, /another content/);
  });
});

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
  const ping = ethernetFrame(ipv4Packet('172.18.0.1', '172.18.0.2', 1, icmpEcho(8, Buffer.from(SECRET, 'hex'))));
  const captures = [clearPhase, encrypted([...healthyWireguard, ping])];

  test('is clear by design without node encryption, and is counted', async () => {
    const synthetic = { intent: { mode: 'wireguard' as const }, captures, traffic: [...traffic, nodes('encrypted', 'ee'.repeat(16))] };
    await expectVerdict('WIR-01', 'supports', {
      ...synthetic,
      traffic: [flow('clear', CLEAR), flow('encrypted', 'dd'.repeat(16)), nodes('encrypted', SECRET)],
    });
    await expectVerdict('WIR-12', 'supports', synthetic, /1 flow\(s\) clear by design/);
  });

  test('in the clear under node encryption contradicts, driven or not (L22)', async () => {
    const intent = { mode: 'wireguard' as const, nodeEncryption: true };
    const driven = [flow('clear', CLEAR), nodes('encrypted', SECRET)];
    await expectVerdict('WIR-01', 'contradicts', { intent, captures, traffic: driven }, /node-node\/icmp/);
    await expectVerdict('WIR-11', 'contradicts', { intent, captures, traffic: driven }, /node-node\/icmp/);
    const others = [flow('clear', CLEAR), flow('encrypted', 'dd'.repeat(16))];
    await expectVerdict('WIR-01', 'contradicts', { intent, captures, traffic: others }, /undriven traffic/);
  });

  test('a pod’s flow under another address is told by its canary (L38)', async () => {
    await expectVerdict(
      'WIR-01',
      'contradicts',
      { intent: { mode: 'wireguard' }, captures, traffic },
      /172\.18\.0\.1 > 172\.18\.0\.2 icmp/,
    );
  });

  test('intent none claims nothing of encryption (H18)', async () => {
    const found = await verdictsOf({ intent: { mode: 'none' }, captures: [encrypted([clearPing(8, SECRET)])], traffic });
    expect(found.get('WIR-01')?.verdict).toBe('not-applicable');
    expect(found.get('WIR-04')?.verdict).toBe('supports');
    expect(found.get('WIR-12')?.verdict).toBe('supports');
  });
});

describe('WIR-10, WIR-11 and WIR-13', () => {
  test('no large flow is not exercised; one in the clear contradicts (L35); as ciphertext it supports', async () => {
    await expectVerdict('WIR-10', 'not-exercised', { captures: [clearPhase, encrypted(healthyEsp)], traffic });
    const large = [flow('clear', CLEAR, { largeBytes: 3000 }), flow('encrypted', SECRET, { largeBytes: 3000 })];
    await expectVerdict('WIR-10', 'contradicts', {
      captures: [clearPhase, encrypted([...healthyEsp, clearPing(8, SECRET)])],
      traffic: large,
    });
    const big = [espFrame('out', 1, 3, 1400), espFrame('back', 1, 3, 1400)];
    await expectVerdict('WIR-10', 'supports', { captures: [clearPhase, encrypted(big)], traffic: large });
  });
  test('what the version drops by design supports when nobody answered, and is as any flow when somebody did', async () => {
    const large = (sent: number, answered: number) => [
      flow('clear', CLEAR, { largeBytes: 3000 }),
      flow('encrypted', SECRET, { largeBytes: 3000, sent, answered, note: '' }),
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
    expect(await rowOf(1, 0, [...healthyEsp, clearPing(8, SECRET)])).toMatchObject({ treatment: 'encrypted', verdict: 'contradicts' });
    expect(await rowOf(0, 0, healthyEsp)).toMatchObject({ treatment: 'dropped', verdict: 'inconclusive' });
    expect(await rowOf(1, 1, healthyEsp)).toMatchObject({ treatment: 'encrypted', verdict: 'supports' });
  });

  test('a cell left out is named', async () => {
    await expectVerdict(
      'WIR-11',
      'inconclusive',
      { captures: [clearPhase, encrypted(healthyEsp)], traffic },
      /not driven: .*node-node|not driven/,
    );
  });

  test('where a sample was planned, only its cells must be driven, and what that shows of all is said', async () => {
    const third = { name: 'node3', addresses: ['172.18.0.3'], podCidrs: ['10.0.3.0/24'], internalAddresses: ['10.0.3.1'], uplink: 'eth0' };
    const cluster = { ...twoNodes, nodes: [...twoNodes.nodes, third] };
    const recording = { cluster, captures: [clearPhase, encrypted(healthyEsp)], traffic };
    const seed = '00'.repeat(16);
    const of = async (parts: Partial<RecordingParts>) => (await verdictsOf({ ...recording, ...parts })).get('WIR-11');
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
    await expectVerdict('WIR-11', 'inconclusive', recording, /node3: no test pod there had traffic with a pod of another node/);
    const two = await verdictsOf({ captures: [clearPhase, encrypted(healthyEsp)], traffic });
    expect(two.get('WIR-11')?.reason).not.toMatch(/no test pod/);
  });

  test('wire and uplinks agree, or the uplink was another interface', async () => {
    const nic = (node: string, frames: readonly Uint8Array[]): CaptureParts => ({
      phase: 'encrypted',
      record: { vantage: 'nic', node },
      frames,
    });
    const both = [clearPhase, encrypted(healthyEsp), nic('node1', healthyEsp), nic('node2', healthyEsp)];
    await expectVerdict('WIR-13', 'supports', { captures: both, traffic });
    const wrong = [clearPhase, encrypted(healthyEsp), nic('node1', [clearPing(0, SECRET)]), nic('node2', healthyEsp)];
    await expectVerdict('WIR-13', 'contradicts', { captures: wrong, traffic }, /node1: 1 on the wire, 0/);
    await expectVerdict('WIR-01', 'supports', { captures: wrong, traffic });
  });
});
