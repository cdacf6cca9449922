import { describe, expect, test } from 'vitest';
import { noise } from '../../harness/decode/wire/sample/packets.ts';
import type { AllowedTraffic } from '../../harness/model/allowed-traffic.ts';
import type { Mode } from '../../harness/model/mode.ts';
import { echo, esp, ethernet, ipv4, ipv6, udp, vxlan, wireguardData, wireguardInitiation } from '../../harness/testing/packets.ts';
import {
  beacon,
  clearPing,
  espFrame,
  flow,
  type SyntheticCapture,
  syntheticRecording,
  twoNodes,
  wireguardFrame,
} from '../../harness/testing/synthetic-recording.ts';
import { judgeTold, type ToldVerdict } from '../../harness/testing/told.ts';
import { catalogue } from '../catalogue.ts';

const [NODE1, NODE2, POD1, POD2, OUTSIDE] = ['192.168.77.11', '192.168.77.12', '10.244.1.10', '10.244.2.20', '203.0.113.9'];
const [CLEAR, SECRET] = ['c1ea'.repeat(8), '5ec2'.repeat(8)];
const TEXT = Buffer.from('the account number is 4111 1111 1111 1111 and this line goes on for a while, in plain English. '.repeat(3));
const KEY = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const v6 = (text: string): Buffer => Buffer.from(text, 'hex');
const [POD1_V6, POD2_V6] = [v6('fd000000000000010000000000000010'), v6('fd000000000000020000000000000020')];
const [NODE1_V6, NODE2_V6] = [v6('fc000000000000000000000000000011'), v6('fc000000000000000000000000000012')];

/** Two nodes with IPv6 pods as well: the addresses are looked for in both families. */
const cluster = {
  ...twoNodes,
  nodes: twoNodes.nodes.map((n, i) => ({
    ...n,
    addresses: [...n.addresses, `fc00::1${i + 1}`],
    podCidrs: [...n.podCidrs, `fd00:0:0:${i + 1}::/64`],
  })),
};

/** A packet of two pods, as their kernels made it. */
const packet = (more: { src?: string; dst?: string } = {}): Buffer =>
  ipv4(more.src ?? POD1, more.dst ?? POD2, 17, udp(40_000, 9_000, TEXT.subarray(0, 64)));
const frame = ethernet(packet());
const packet6 = ipv6(POD1_V6, POD2_V6, 17, udp(40_000, 9_000, TEXT.subarray(0, 64)));
const between = (protocol: number, payload: Uint8Array): Buffer => ethernet(ipv4(NODE1, NODE2, protocol, payload));
const nodesUdp = (sport: number, dport: number, payload: Uint8Array): Buffer => between(17, udp(sport, dport, payload));
const pods = (protocol: number, payload: Uint8Array): Buffer => ethernet(ipv4(POD1, POD2, protocol, payload));
const podsUdp = (sport: number, dport: number, payload: Uint8Array): Buffer => pods(17, udp(sport, dport, payload));
const bytes = (...values: number[]): Buffer => Buffer.from(values);
const join = (...parts: Uint8Array[]): Buffer => Buffer.concat(parts);

/** An IPv4 fragment: `offset` in bytes. */
function fragment(packetBytes: Buffer, id: number, offset: number, more: boolean): Buffer {
  const copy = Buffer.from(packetBytes);
  copy.writeUInt16BE(id, 14 + 4);
  copy.writeUInt16BE((more ? 0x2000 : 0) | (offset / 8), 14 + 6);
  return copy;
}

function message(type: number, length: number): Buffer {
  return join(bytes(type, 0, 0, 0), TEXT, TEXT).subarray(0, length);
}

const ike = (): Buffer => {
  const header = join(noise(16, 3), bytes(33, 0x20, 34, 0x08, 0, 0, 0, 0, 0, 0, 0, 28 + 64));
  return join(header, noise(64, 4));
};
const ttl = (bytesOf: Buffer, value: number): Buffer => {
  const copy = Buffer.from(bytesOf);
  copy[14 + 8] = value;
  return copy;
};
const hopLimit = (bytesOf: Buffer, value: number): Buffer => {
  const copy = Buffer.from(bytesOf);
  copy[14 + 7] = value;
  return copy;
};
const eth6 = (payload: Uint8Array): Buffer => ethernet(payload, 0x86dd);
const datagram = udp(50_000, 8472, vxlan(frame));

/** Frames that hold a readable packet of two pods: each must be found whatever the claim is. */
const LEAKS: readonly (readonly [name: string, frames: readonly Buffer[]])[] = [
  // Shapes of ciphertext between pods.
  ['IKE between pods', [podsUdp(500, 500, ike())]],
  ['IKE between pods on 4500', [podsUdp(4500, 4500, join(bytes(0, 0, 0, 0), ike()))]],
  ['a NAT keepalive of a pod', [podsUdp(4500, 4500, bytes(0xff))]],
  ['a pod’s own ESP', [pods(50, esp(0x1000, 1, 120))]],
  ['a pod’s own ESP on UDP 4500', [podsUdp(4500, 4500, esp(0x1000, 1, 120))]],
  ['a pod’s own WireGuard', [podsUdp(51_820, 51_820, wireguardData(1))]],
  ['a pod’s own handshake', [podsUdp(51_820, 51_820, wireguardInitiation(KEY(1)))]],
  ['a pod’s own WireGuard on Cilium’s port', [podsUdp(51_871, 51_871, wireguardData(1))]],
  ...[1, 2, 3, 4].map((type) => [`text as WireGuard type ${type}`, [podsUdp(51_871, 51_871, message(type, [0, 148, 92, 64, 128][type]!))]] as const),
  ['text on UDP 4500', [podsUdp(4500, 4500, TEXT)]],
  ['a DNS query on UDP 4500', [podsUdp(4500, 53, join(bytes(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7), Buffer.from('example\x03com\0\0\x01\0\x01')))]],
  ['text with the protocol number of ESP', [pods(50, TEXT.subarray(0, 96))]],
  ['an IGMP report with time to live 1', [ttl(pods(2, bytes(0x16, 0, 0, 0, 224, 0, 0, 9)), 1)]],
  ['listener discovery', [hopLimit(eth6(ipv6(POD1_V6, POD2_V6, 58, join(bytes(131, 0, 0, 0, 0, 0, 0, 0), noise(16)))), 1)]],
  ['neighbour discovery', [hopLimit(eth6(ipv6(POD1_V6, POD2_V6, 58, join(bytes(135, 0, 0, 0, 0, 0, 0, 0), noise(16)))), 255)]],
  ['text in a neighbour solicitation', [hopLimit(eth6(ipv6(POD1_V6, POD2_V6, 58, join(bytes(135, 0, 0, 0), TEXT))), 255)]],
  ['a pod packet of two pods that are in the CIDRs only', [ethernet(packet({ src: '10.244.1.99', dst: '10.244.2.98' }))]],
  ['pods of one node', [ethernet(packet({ dst: '10.244.1.11' }))]],
  ['a VXLAN of its own between pods', [podsUdp(40_000, 4789, vxlan(ethernet(ipv4('192.0.2.1', '192.0.2.2', 1, echo(8, TEXT)))))]],
  // Link layers.
  ...[0x8902, 0x9000, 0x888e, 0x88cc, 0x88f7, 0x8809, 0x8808, 0x8035, 0x1234, 0x88e7].map((type) => [`EtherType 0x${type.toString(16)}`, [ethernet(packet(), type)]] as const),
  ['ARP with a packet behind it', [ethernet(join(bytes(0, 1, 8, 0, 6, 4, 0, 1), Buffer.alloc(20), packet()), 0x0806)]],
  ['MPLS', [ethernet(join(bytes(0, 0x10, 1, 64), packet()), 0x8847)]],
  ['PPPoE', [ethernet(join(bytes(0x11, 0, 0, 1, 0, 200, 0, 0x21), packet()), 0x8864)]],
  ['MACsec without confidentiality', [ethernet(join(bytes(0, 0, 0, 0, 0, 1, 8, 0), packet(), noise(16)), 0x88e5)]],
  ['802.2 SNAP of an unknown organisation', [ethernet(join(bytes(0xaa, 0xaa, 3, 1, 2, 3, 0, 1), packet()), 100)]],
  // Tunnels between the nodes.
  ['VXLAN on another port', [nodesUdp(50_000, 9_999, vxlan(frame))]],
  ['VXLAN by its source port only', [nodesUdp(8472, 50_000, vxlan(frame))]],
  ['VXLAN without the I flag', [nodesUdp(50_000, 8472, join(Buffer.alloc(8), frame))]],
  ['VXLAN-GPE', [nodesUdp(50_000, 4790, join(bytes(0x0c, 0, 0, 1, 0, 0, 7, 0), packet()))]],
  ['Geneve on another port', [nodesUdp(50_000, 6082, join(bytes(0, 0, 0x65, 0x58, 0, 0, 7, 0), frame))]],
  ['FOU', [nodesUdp(50_000, 5555, packet())]],
  ['GUE', [nodesUdp(50_000, 6080, join(bytes(0, 4, 0, 0), packet()))]],
  ['GTP-U', [nodesUdp(2152, 2152, join(bytes(0x30, 0xff, 0, 92, 0, 0, 0, 1), packet()))]],
  ['MPLS in UDP', [nodesUdp(50_000, 6635, join(bytes(0, 0x10, 1, 64), packet()))]],
  ['LISP', [nodesUdp(50_000, 4341, join(bytes(0x80, 0, 0, 1, 0, 0, 0, 1), packet()))]],
  ['STT', [between(6, join(bytes(0xc0, 0, 0x1d, 0x2f, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0), Buffer.alloc(18), frame))]],
  ['L2TPv3', [between(115, join(bytes(0, 0, 0, 9, 0, 0, 0, 0), frame))]],
  ['EtherIP', [between(97, join(bytes(0x30, 0), frame))]],
  ['ERSPAN', [between(47, join(bytes(0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0), frame))]],
  ['GRE of version 1', [between(47, join(bytes(0x30, 1, 0x88, 0x0b, 0, 96, 0, 0, 0, 0, 0, 1), packet()))]],
  ['IP in IP', [between(4, packet())]],
  ['IPv6 pods in a tunnel that nobody knows', [nodesUdp(50_000, 9_999, join(noise(13), packet6))]],
  ['a tunnel that nobody knows, at an odd offset', [nodesUdp(50_000, 9_999, join(noise(13), packet()))]],
  ['a message over TCP that holds the packet', [between(6, join(bytes(0xc0, 0, 0, 99, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0, 0, 0, 0, 0, 0), noise(31), packet()))]],
  ['a packet quoted in an ICMP error', [between(1, join(bytes(3, 1, 0, 0, 0, 0, 0, 0), packet().subarray(0, 28)))]],
  ['a packet quoted in an ICMPv6 error', [eth6(ipv6(NODE1_V6, NODE2_V6, 58, join(bytes(1, 0, 0, 0, 0, 0, 0, 0), packet6.subarray(0, 56))))]],
  ['VXLAN on another port over IPv6', [eth6(ipv6(NODE1_V6, NODE2_V6, 17, udp(50_000, 9_999, vxlan(frame))))]],
  ['an IPv6 underlay', [eth6(ipv6(NODE1_V6, NODE2_V6, 17, udp(50_000, 8472, vxlan(frame))))]],
  ['a datagram from outside that holds the packet', [ethernet(ipv4(OUTSIDE, NODE2, 17, udp(50_000, 9_999, packet())))]],
  // Behind headers of encryption.
  ['behind the header of the nodes’ ESP', [between(50, join(esp(3, 77, 16), packet()))]],
  ['behind the header of the nodes’ WireGuard', [nodesUdp(51_871, 51_871, join(wireguardData(77).subarray(0, 16), packet(), Buffer.alloc(4)))]],
  // Fragments.
  ['a first fragment that holds only the UDP header', [fragment(between(17, datagram.subarray(0, 8)), 7, 0, true), fragment(between(17, datagram.subarray(8)), 7, 8, false)]],
  ['an IP header that two fragments share', [fragment(between(17, datagram.subarray(0, 40)), 7, 0, true), fragment(between(17, datagram.subarray(40)), 7, 40, false)]],
  ['the same, the later one first', [fragment(between(17, datagram.subarray(40)), 7, 40, false), fragment(between(17, datagram.subarray(0, 40)), 7, 0, true)]],
]; // biome-ignore format: a table

const healthy: Record<'ipsec' | 'wireguard', readonly Buffer[]> = {
  ipsec: [espFrame('out', 1), espFrame('back', 1)],
  wireguard: [initiationFrame(), wireguardFrame('out', 0), wireguardFrame('back', 0)],
};

/** A frame as a tap on a trunk shows it that keeps the check sequence. */
function trunk(untagged: Buffer): Buffer {
  return join(untagged.subarray(0, 12), bytes(0x81, 0, 0, 5), untagged.subarray(12), noise(4));
}

function initiationFrame(): Buffer {
  return nodesUdp(51_871, 51_871, wireguardInitiation(KEY(2)));
}

const STATES = ['192.168.77.11 192.168.77.12', '192.168.77.12 192.168.77.11']
  .map((pair) => pair.split(' '))
  .map(([src, dst]) => `src ${src} dst ${dst}\n\tproto esp spi 0x00000003 reqid 1 mode tunnel\n\treplay-window 0 \n`)
  .join('');

type Judged = ReadonlyMap<string, ToldVerdict>;

async function judged(
  mode: Exclude<Mode, 'none'>,
  frames: readonly Buffer[],
  more: Partial<SyntheticCapture> & { allow?: AllowedTraffic[] } = {},
): Promise<Judged> {
  const { allow, ...capture } = more;
  const recording = syntheticRecording({
    intent: { mode, ...(allow === undefined ? {} : { allow }) },
    cluster,
    captures: [
      { phase: 'clear', frames: [clearPing(8, CLEAR), clearPing(0, CLEAR)] },
      { phase: 'encrypted', frames: [...healthy[mode], ...frames], ...capture },
    ],
    traffic: [flow('clear', CLEAR), flow('encrypted', SECRET)],
    xfrmState: { node1: STATES, node2: STATES },
    publishedKeys: { node1: KEY(1), node2: KEY(2) },
  });
  const { verdicts } = await judgeTold(recording, catalogue);
  return new Map(verdicts.map((v) => [v.id, v]));
}

describe.each(['ipsec', 'wireguard'] as const)('a readable packet of two pods under a claim of %s', (mode) => {
  test('the recording supports without it', async () => {
    const found = await judged(mode, []);
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-12'])
      expect(found.get(id)?.verdict, found.get(id)?.reason).toBe('supports');
  });

  test.each(LEAKS)('%s', async (_, frames) => {
    const { verdict, reason } = (await judged(mode, frames)).get('WIR-01')!;
    expect(verdict, reason).toBe('contradicts');
    expect(reason).toMatch(
      /(10\.244\.\d+\.\d+|fd00:0:0:1::10).* > .*(10\.244\.\d+\.\d+|fd00:0:0:2::20).*\(.*\), frame \d+ of encrypted\/wire/,
    );
  });
});

describe('what only looks like the claimed encryption', () => {
  test.each([
    ['ipsec', 'text behind a lawful ESP header', between(50, join(esp(3, 77, 16), TEXT.subarray(0, 64)))],
    ['ipsec', 'text after ciphertext behind a lawful ESP header', between(50, join(esp(3, 77, 96), TEXT.subarray(0, 128)))],
    [
      'ipsec',
      'UTF-8 behind a lawful ESP header',
      between(50, join(esp(3, 77, 16), Buffer.from('Привет, это обычный текст без шифра!').subarray(0, 64))),
    ],
    [
      'wireguard',
      'text after ciphertext behind a lawful WireGuard header',
      nodesUdp(51_871, 51_871, join(wireguardData(77, 80), TEXT.subarray(0, 128))),
    ],
  ] as const)('%s: %s contradicts', async (mode, _, bytesOf) => {
    const { verdict, reason } = (await judged(mode, [bytesOf])).get('WIR-01')!;
    expect(verdict, reason).toBe('contradicts');
    expect(reason).toMatch(/readable from byte \d+ of the frame on behind a header of the claimed encryption\), frame \d+ of/);
  });

  test('ESP of an SPI that no node has, and WireGuard between other ports, are no proof of the flows', async () => {
    const strangers = [espFrame('out', 1, 9), espFrame('back', 1, 9)];
    const { verdicts } = await judgeTold(
      syntheticRecording({
        captures: [{ phase: 'encrypted', frames: strangers }],
        traffic: [flow('encrypted', SECRET)],
        xfrmState: { node1: STATES, node2: STATES },
      }),
      catalogue,
    );
    expect(verdicts.find((v) => v.id === 'WIR-02')?.verdict).toBe('contradicts');
    const tailscale = [nodesUdp(41_641, 41_641, wireguardData(1)), ethernet(ipv4(NODE2, NODE1, 17, udp(41_641, 41_641, wireguardData(2))))];
    const other = await judgeTold(
      syntheticRecording({
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
  const lldp = ethernet(bytes(2, 7, 4, 2, 0, 0, 0, 0, 9, 4, 3, 7, 0x65, 0x74, 6, 2, 0, 120, 0, 0), 0x88cc);
  const healthyTraffic: readonly (readonly [string, readonly Buffer[]])[] = [
    ['ESP of a node with an outside peer', [ethernet(ipv4(NODE1, OUTSIDE, 50, esp(0x1000, 1))), ethernet(ipv4(OUTSIDE, NODE1, 50, esp(0x2000, 1)))]],
    ['Tailscale with an outside peer', [ethernet(ipv4(NODE1, OUTSIDE, 17, udp(41_641, 41_641, wireguardInitiation(KEY(9))))), ethernet(ipv4(OUTSIDE, NODE1, 17, udp(41_641, 41_641, wireguardData(1))))]],
    ['Tailscale between nodes', [nodesUdp(41_641, 41_641, wireguardInitiation(KEY(9))), nodesUdp(41_641, 41_641, wireguardData(1))]],
    ['a scan of the WireGuard port', [ethernet(ipv4(OUTSIDE, NODE1, 17, udp(40_000, 51_871, Buffer.from('\0scan'))))]],
    ['a kubelet that is asked by another node', [between(6, join(bytes(0xc0, 0, 0x28, 0x0a, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0, 0, 0, 0, 0, 0), Buffer.from('GET /healthz HTTP/1.1\r\n\r\n')))]],
    ['DHCP', [ethernet(ipv4('0.0.0.0', '255.255.255.255', 17, udp(68, 67, Buffer.alloc(240, 1))))]],
    ['LLDP', [lldp]],
    ['a VLAN tag and a check sequence that the capture kept', [trunk(mode === 'ipsec' ? espFrame('out', 2) : wireguardFrame('out', 1))]],
  ]; // biome-ignore format: a table

  test.each(healthyTraffic)('%s', async (_, frames) => {
    const found = await judged(mode, frames);
    for (const id of ['WIR-01', 'WIR-02', 'WIR-03', 'WIR-04', 'WIR-05', 'WIR-06', 'WIR-08', 'WIR-09', 'WIR-12'])
      expect(['supports', 'not-applicable'], `${id}: ${found.get(id)?.reason}`).toContain(found.get(id)?.verdict);
  });

  test('an unknown EtherType leaves it open, named; the intent can explain it', async () => {
    const odd = [ethernet(noise(60), 0x88e7)];
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

  test('what the intent allows never excuses a packet of two pods', async () => {
    const allow = [
      { etherType: '0x88e7', address: '0.0.0.0/0', reason: 'everything', owner: 'nobody' },
      { protocol: 'udp', reason: 'everything', owner: 'nobody' },
    ];
    for (const leak of [ethernet(packet(), 0x88e7), ethernet(packet()), nodesUdp(50_000, 9_999, vxlan(frame))])
      expect((await judged(mode, [leak], { allow })).get('WIR-01')?.verdict).toBe('contradicts');
  });

  test('a later fragment from before the capture is explained; one after the beacon is named', async () => {
    const early = fragment(between(17, noise(80)), 99, 1480, false);
    const around = { blind: true, counters: { captured: healthy[mode].length + 3, receivedByFilter: 9, droppedByKernel: 0 } };
    const before = await judged(mode, [], { ...around, frames: [early, beacon('start'), ...healthy[mode], beacon('end')] });
    expect(before.get('WIR-01')?.verdict, before.get('WIR-01')?.reason).toBe('supports');
    expect(before.get('WIR-12')?.observed).toMatch(/its datagram began before the capture/);
    const after = await judged(mode, [early]);
    expect(after.get('WIR-01')?.reason).toMatch(
      /1 unknown later fragment\(s\) of EtherType 0x0800 192\.168\.77\.11 > 192\.168\.77\.12 udp/,
    );
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
    counters: { captured: frames.length, receivedByFilter: 99, droppedByKernel: 0 },
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
    const message = udp(51_871, 51_871, wireguardData(1, 1600));
    const datagramFragments = [
      fragment(between(17, message.subarray(0, 800)), 9, 0, true),
      fragment(between(17, message.subarray(800)), 9, 800, false),
    ];
    const stranger = fragment(between(17, TEXT.subarray(0, 120)), 9, 1600, false);
    const found = await judged('wireguard', [...datagramFragments, stranger]);
    expect(found.get('WIR-04')?.verdict).toBe('inconclusive');
    expect(found.get('WIR-04')?.reason).toMatch(/1 unknown later fragment/);
    const again = await judged('wireguard', [...datagramFragments, datagramFragments[1]!]);
    expect(again.get('WIR-04')?.verdict, 'the same fragment twice is of the same datagram').toBe('supports');
  });
});
