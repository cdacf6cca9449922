import { describe, expect, test } from 'vitest';
import type { AllowedTraffic } from '../../harness/model/allowed-traffic.ts';
import type { Mode } from '../../harness/model/mode.ts';
import { judgeAsText, type VerdictText } from '../../harness/testing/finding-text.ts';
import { fragmentOf, leakingFrames, leakingFrames6 } from '../../harness/testing/leaking-frames.ts';
import { beacon, clearPing, espFrame, initiationFrame, wireguardFrame } from '../../harness/testing/node-frames.ts';
import {
  espPacket,
  ethernetFrame,
  ipv4Packet,
  noise,
  udpDatagram,
  vxlanPacket,
  wireguardData,
  wireguardInitiation,
} from '../../harness/testing/packets.ts';
import { buildRecording, type CaptureParts, flow, outputsByNode, publishedKeys } from '../../harness/testing/recording.ts';
import { NODE1, NODE2, POD1, POD2, twoNodes } from '../../harness/testing/two-nodes.ts';
import { catalogue } from '../catalogue.ts';

const OUTSIDE = '203.0.113.9';
const [CLEAR, SECRET] = ['c1ea'.repeat(8), '5ec2'.repeat(8)];
const TEXT = Buffer.from('the account number is 4111 1111 1111 1111 and this line goes on for a while, in plain English. '.repeat(3));
const KEY = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const NODES6 = ['fc00::11', 'fc00::12'] as const;
const PODS6 = ['fd00:0:0:1::10', 'fd00:0:0:2::20'] as const;

/** Two nodes with IPv6 pods as well: the addresses are looked for in both families. */
const cluster = {
  ...twoNodes,
  nodes: twoNodes.nodes.map((n, i) => ({
    ...n,
    addresses: [...n.addresses, `fc00::1${i + 1}`],
    podCidrs: [...n.podCidrs, `fd00:0:0:${i + 1}::/64`],
  })),
};

const leaks = [
  ...leakingFrames({ nodes: [NODE1, NODE2], pods: [POD1, POD2], neighbour: '10.0.1.12' }),
  ...leakingFrames6({ nodes: NODES6, pods: PODS6 }, [NODE1, NODE2]),
  [
    'two pods that are known by the CIDRs only',
    [ethernetFrame(ipv4Packet('10.0.1.99', '10.0.2.98', 17, udpDatagram(40_000, 9_000, TEXT)))],
  ],
] as const;

const packet = ipv4Packet(POD1, POD2, 17, udpDatagram(40_000, 9_000, TEXT.subarray(0, 64)));
const frame = ethernetFrame(packet);
const between = (protocol: number, payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet(NODE1, NODE2, protocol, payload));
const nodesUdp = (sport: number, dport: number, payload: Uint8Array): Buffer => between(17, udpDatagram(sport, dport, payload));
const bytes = (...values: number[]): Buffer => Buffer.from(values);
const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

const healthy: Record<'ipsec' | 'wireguard', readonly Buffer[]> = {
  ipsec: [espFrame('out', 1), espFrame('back', 1)],
  wireguard: [initiationFrame(KEY(2)), wireguardFrame('out', 0), wireguardFrame('back', 0)],
};

/** A frame as a tap on a trunk shows it that keeps the check sequence. */
function trunk(untagged: Buffer): Buffer {
  return join(untagged.subarray(0, 12), bytes(0x81, 0, 0, 5), untagged.subarray(12), noise(4));
}

const STATES = ['172.18.0.1 172.18.0.2', '172.18.0.2 172.18.0.1']
  .map((pair) => pair.split(' '))
  .map(
    ([src, dst]) =>
      `src ${src} dst ${dst}\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\treplay-window 0 \n\taead rfc4106(gcm(aes)) <key:160:aabbccddeeff> 128\n`,
  )
  .join('');

type Judged = ReadonlyMap<string, VerdictText>;

async function judged(
  mode: Exclude<Mode, 'tls' | 'none'>,
  frames: readonly Buffer[],
  more: Partial<CaptureParts> & { allow?: AllowedTraffic[] } = {},
): Promise<Judged> {
  const { allow, ...capture } = more;
  const recording = buildRecording({
    intent: { mode, ...(allow === undefined ? {} : { allow }) },
    cluster,
    captures: [
      { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] },
      { phase: 'encrypted', frames: [...healthy[mode], ...frames], ...capture },
    ],
    traffic: [flow('clear', CLEAR), flow('encrypted', SECRET)],
    outputs: [...outputsByNode('xfrm-state', { node1: STATES, node2: STATES }), publishedKeys({ node1: KEY(1), node2: KEY(2) })],
  });
  const { verdicts } = await judgeAsText(recording, catalogue);
  return new Map(verdicts.map((v) => [v.id, v]));
}

describe.each(['ipsec', 'wireguard'] as const)('a readable packet of two pods under a claim of %s', (mode) => {
  test('the recording supports without it', async () => {
    const found = await judged(mode, []);
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-12'])
      expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
  });

  test.each(leaks)('%s', async (_, frames) => {
    const { verdict, reason } = (await judged(mode, frames)).get('WIR-01')!;
    expect(verdict, reason).toBe('contradicts');
    expect(reason).toMatch(/(10\.0\.\d+\.\d+|fd00:0:0:1::10).* > .*(10\.0\.\d+\.\d+|fd00:0:0:2::20).*\(.*\), frame \d+ of encrypted\/wire/);
  });
});

describe('what only looks like the claimed encryption', () => {
  test.each([
    ['ipsec', 'text behind a valid ESP header', between(50, join(espPacket(3, 77, 8), TEXT.subarray(0, 64)))],
    ['ipsec', 'text after ciphertext behind a valid ESP header', between(50, join(espPacket(3, 77, 88), TEXT.subarray(0, 128)))],
    [
      'ipsec',
      'UTF-8 behind a valid ESP header',
      between(50, join(espPacket(3, 77, 8), Buffer.from('Привет, это обычный текст без шифра!').subarray(0, 64))),
    ],
    [
      'wireguard',
      'text after ciphertext behind a valid WireGuard header',
      nodesUdp(51_871, 51_871, join(wireguardData(77, 80), TEXT.subarray(0, 128))),
    ],
  ] as const)('%s: %s contradicts', async (mode, _, bytesOf) => {
    const { verdict, reason } = (await judged(mode, [bytesOf])).get('WIR-01')!;
    expect(verdict, reason).toBe('contradicts');
    expect(reason).toMatch(/readable from byte \d+ of the frame on behind a header of ciphertext\), frame \d+ of/);
  });

  test('ESP of an SPI that no node has, and WireGuard between other ports, are no proof of the flows', async () => {
    const strangers = [espFrame('out', 1, 9), espFrame('back', 1, 9)];
    const { verdicts } = await judgeAsText(
      buildRecording({
        captures: [{ phase: 'encrypted', frames: strangers }],
        traffic: [flow('encrypted', SECRET)],
        outputs: outputsByNode('xfrm-state', { node1: STATES, node2: STATES }),
      }),
      catalogue,
    );
    expect(verdicts.find((v) => v.id === 'WIR-02')?.verdict).toBe('contradicts');
    const tailscale = [
      nodesUdp(41_641, 41_641, wireguardData(1)),
      ethernetFrame(ipv4Packet(NODE2, NODE1, 17, udpDatagram(41_641, 41_641, wireguardData(2)))),
    ];
    const other = await judgeAsText(
      buildRecording({
        intent: { mode: 'wireguard' },
        captures: [{ phase: 'encrypted', frames: tailscale }],
        traffic: [flow('encrypted', SECRET)],
      }),
      catalogue,
    );
    expect(other.verdicts.find((v) => v.id === 'WIR-02')?.verdict).toBe('contradicts');
  });
});

describe.each(['ipsec', 'wireguard'] as const)('healthy clusters with other traffic, claim %s', (mode) => {
  const lldp = ethernetFrame(bytes(2, 7, 4, 2, 0, 0, 0, 0, 9, 4, 3, 7, 0x65, 0x74, 6, 2, 0, 120, 0, 0), 0x88cc);
  const healthyTraffic: readonly (readonly [string, readonly Buffer[]])[] = [
    ['ESP of a node with an outside peer', [ethernetFrame(ipv4Packet(NODE1, OUTSIDE, 50, espPacket(0x1000, 1))), ethernetFrame(ipv4Packet(OUTSIDE, NODE1, 50, espPacket(0x2000, 1)))]],
    ['Tailscale with an outside peer', [ethernetFrame(ipv4Packet(NODE1, OUTSIDE, 17, udpDatagram(41_641, 41_641, wireguardInitiation(KEY(9))))), ethernetFrame(ipv4Packet(OUTSIDE, NODE1, 17, udpDatagram(41_641, 41_641, wireguardData(1))))]],
    ['a scan of the WireGuard port', [ethernetFrame(ipv4Packet(OUTSIDE, NODE1, 17, udpDatagram(40_000, 51_871, Buffer.from('\0scan'))))]],
    ['a kubelet that is asked by another node', [between(6, join(bytes(0xc0, 0, 0x28, 0x0a, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0, 0, 0, 0, 0, 0), Buffer.from('GET /healthz HTTP/1.1\r\n\r\n')))]],
    ['DHCP', [ethernetFrame(ipv4Packet('0.0.0.0', '255.255.255.255', 17, udpDatagram(68, 67, Buffer.alloc(240, 1))))]],
    ['LLDP', [lldp]],
    ['a VLAN tag and a check sequence that the capture kept', [trunk(mode === 'ipsec' ? espFrame('out', 2) : wireguardFrame('out', 1))]],
  ]; // biome-ignore format: a table

  test.each(healthyTraffic)('%s', async (_, frames) => {
    const found = await judged(mode, frames);
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-05', 'WIR-06', 'WIR-08', 'WIR-09', 'WIR-12'])
      expect(['supports', 'not-applicable'], `${id}: ${found.get(id)?.reason}`).toContain(found.get(id)?.verdict);
  });

  test('an unknown EtherType leaves it open, named; the intent can explain it', async () => {
    const odd = [ethernetFrame(noise(60), 0x88e7)];
    for (const id of ['WIR-01', 'WIR-04']) {
      const found = (await judged(mode, odd)).get(id);
      expect(found?.verdict).toBe('inconclusive');
      expect(found?.reason).toMatch(
        /1 unknown frame\(s\) of EtherType 0x88e7, 74 bytes \(eth\/unknown\), the first frame \d+ of encrypted\/wire/,
      );
    }
    const allow = [{ etherType: '0x88e7', reason: 'provider backbone bridge of the racks', owner: 'network team' }];
    const found = await judged(mode, odd, { allow });
    for (const id of ['WIR-01', 'WIR-04']) expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
    expect(found.get('WIR-12')?.observed).toMatch(/allowed by network team, provider backbone bridge of the racks/);
  });

  const others: readonly (readonly [string, RegExp, AllowedTraffic['protocol'], number | undefined, Buffer])[] = [
    ['WireGuard on another port', /172\.18\.0\.1:41641 > 172\.18\.0\.2:41641 udp/, 'udp', 41_641, nodesUdp(41_641, 41_641, wireguardData(1))],
    ['ESP in UDP', /172\.18\.0\.1:4500 > 172\.18\.0\.2:4500 udp with SPI 0x00000003/, 'udp', 4500, nodesUdp(4500, 4500, join(espPacket(3, 7), noise(16)))],
    ['IKE', /172\.18\.0\.1:500 > 172\.18\.0\.2:500 udp/, 'udp', 500, nodesUdp(500, 500, join(noise(16), bytes(0x21, 0x20, 0x22, 0x08, 0, 0, 0, 0, 0, 0, 0, 28)))],
    ...(mode === 'ipsec'
      ? ([['WireGuard on Cilium’s port', /172\.18\.0\.1:51871 > 172\.18\.0\.2:51871 udp/, 'udp', 51_871, nodesUdp(51_871, 51_871, wireguardData(1))]] as const)
      : ([['ESP', /172\.18\.0\.1 > 172\.18\.0\.2 esp with SPI 0x00001000/, 'esp', undefined, between(50, espPacket(0x1000, 1))]] as const)),
  ]; // biome-ignore format: a table

  test.each(others)('%s between the nodes is nobody’s until the intent explains it', async (_, named, protocol, port, other) => {
    for (const id of ['WIR-01', 'WIR-04']) {
      const found = (await judged(mode, [other])).get(id);
      expect(found?.verdict, found?.reason).toBe('inconclusive');
      expect(found?.reason).toMatch(named);
      expect(found?.reason).toMatch(/the first frame \d+ of encrypted\/wire.*nothing on record explains it/);
    }
    const allow = [{ protocol, ...(port === undefined ? {} : { port }), reason: 'another VPN of the nodes', owner: 'platform team' }];
    const found = await judged(mode, [other], { allow: allow as AllowedTraffic[] });
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-12'])
      expect(found.get(id)?.verdict, `${id}: ${found.get(id)?.reason}`).toBe('supports');
  });

  test.each([
    ['a pod and a group', ipv4Packet(POD1, '224.0.0.251', 17, udpDatagram(5353, 5353, TEXT.subarray(0, 64)))],
    ['a pod and a service', ipv4Packet(POD1, '10.96.0.10', 17, udpDatagram(40_000, 53, TEXT.subarray(0, 64)))],
    ['a pod and the world', ipv4Packet(OUTSIDE, POD2, 17, udpDatagram(443, 40_000, TEXT.subarray(0, 64)))],
  ] as const)('a packet of %s in a tunnel of the nodes contradicts', async (_, inner) => {
    const { verdict, reason } = (await judged(mode, [nodesUdp(40_000, 8472, vxlanPacket(ethernetFrame(inner)))])).get('WIR-01')!;
    expect(verdict, reason).toBe('contradicts');
  });

  test('an SA on record explains ESP between the nodes, one that hides nothing does not', async () => {
    const sa = (cipher: string): string =>
      `src ${NODE1} dst ${NODE2}\n\tproto esp spi 0x00001000 reqid 9 mode tunnel\n\tauth-trunc hmac(sha1) <key:160:aabbccddeeff> 96\n${cipher}`;
    const verdict = async (cipher: string) => {
      const recording = buildRecording({
        intent: { mode },
        cluster,
        captures: [{ phase: 'encrypted', frames: [...healthy[mode], between(50, espPacket(0x1000, 1))] }],
        traffic: [flow('encrypted', SECRET)],
        outputs: outputsByNode('xfrm-state', { node1: STATES + sa(cipher), node2: STATES }),
      });
      return (await judgeAsText(recording, catalogue)).verdicts.find(({ id }) => id === 'WIR-04');
    };
    const found = await verdict('\tenc cbc(aes) <key:128:aabbccddeeff>\n');
    expect(found?.verdict, found?.reason).toBe('supports');
    for (const hidesNothing of ['\tenc ecb(cipher_null) ""\n', '\taead rfc4543(gcm(aes)) <key:160:aabbccddeeff> 128\n', ''])
      if (mode === 'wireguard') expect((await verdict(hidesNothing))?.verdict, hidesNothing).toBe('inconclusive');
  });

  test('what the intent allows never excuses a packet of two pods', async () => {
    const allow = [
      { etherType: '0x88e7', address: '0.0.0.0/0', reason: 'everything', owner: 'nobody' },
      { protocol: 'udp', reason: 'everything', owner: 'nobody' },
    ];
    for (const leak of [ethernetFrame(packet, 0x88e7), ethernetFrame(packet), nodesUdp(50_000, 9_999, vxlanPacket(frame))])
      expect((await judged(mode, [leak], { allow })).get('WIR-01')?.verdict).toBe('contradicts');
  });

  test('a later fragment from before the capture is explained; one after the beacon is named', async () => {
    const early = fragmentOf(between(17, noise(80)), 99, 1480, false);
    const around = { blind: true, record: { counters: { captured: healthy[mode].length + 3, receivedByFilter: 9, droppedByKernel: 0 } } };
    const before = await judged(mode, [], { ...around, frames: [early, beacon('start'), ...healthy[mode], beacon('end')] });
    expect(before.get('WIR-01')?.verdict, before.get('WIR-01')?.reason).toBe('supports');
    expect(before.get('WIR-12')?.observed).toMatch(/its datagram began before the capture/);
    const after = await judged(mode, [early]);
    expect(after.get('WIR-01')?.reason).toMatch(/1 unknown later fragment\(s\) 172\.18\.0\.1 > 172\.18\.0\.2 udp/);
  });
});

describe.each(['ipsec', 'wireguard'] as const)('a mirror port that shows each frame twice, claim %s', (mode) => {
  const numbered = [1, 2, 3, 4].flatMap((n) =>
    mode === 'ipsec'
      ? [espFrame('out', 10 + n), espFrame('back', 10 + n)]
      : [wireguardFrame('out', 10 + n), wireguardFrame('back', 10 + n)],
  );
  const once = [beacon('start'), ...numbered, beacon('end')];
  const around = (frames: readonly Buffer[]) => ({
    blind: true,
    frames,
    record: { counters: { captured: frames.length, receivedByFilter: 99, droppedByKernel: 0 } },
  });

  test('is no replay', async () => {
    const found = await judged(mode, [], around(once.flatMap((f) => [f, f])));
    for (const id of ['WIR-01', 'WIR-02', 'WIR-04', 'WIR-08', 'WIR-09'])
      expect(['supports', 'not-applicable'], `${id}: ${found.get(id)?.reason}`).toContain(found.get(id)?.verdict);
    expect(found.get('WIR-04')?.reason).toMatch(/shows each frame twice, as a mirror port does: 10 copies left out/);
  });

  test('a frame that comes twice among others is one', async () => {
    const found = await judged(mode, [], around([...once.slice(0, 5), numbered[0]!, ...once.slice(5)]));
    expect(found.get(mode === 'ipsec' ? 'WIR-09' : 'WIR-08')?.verdict).toBe('contradicts');
  });
});

describe('fragments', () => {
  test('a later fragment does not take the class of a finished datagram with its identification', async () => {
    const message = udpDatagram(51_871, 51_871, wireguardData(1, 1600));
    const datagramFragments = [
      fragmentOf(between(17, message.subarray(0, 800)), 9, 0, true),
      fragmentOf(between(17, message.subarray(800)), 9, 800, false),
    ];
    const stranger = fragmentOf(between(17, TEXT.subarray(0, 120)), 9, 1600, false);
    const found = await judged('wireguard', [...datagramFragments, stranger]);
    expect(found.get('WIR-04')?.verdict).toBe('inconclusive');
    expect(found.get('WIR-04')?.reason).toMatch(/1 unknown later fragment/);
    const again = await judged('wireguard', [...datagramFragments, datagramFragments[1]!]);
    expect(again.get('WIR-04')?.verdict, 'the same fragment twice is of the same datagram').toBe('supports');
  });
});
