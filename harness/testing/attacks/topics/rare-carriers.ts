import { ethernetFrame, ipv4Packet, ipv6Packet, tcpSegment, udpDatagram, vxlanPacket } from '../../packets.ts';
import { NODE1, NODE1_V6, NODE2, NODE2_V6 } from '../../two-nodes.ts';
import type { AttackTopic } from '../attack.ts';
import { type FrameVariants, withFrames } from '../frame-manipulation.ts';
import { between, datagram, hex, join, podPacket, TEXT, word } from '../wire-packets.ts';

const inner = podPacket();
const frame = ethernetFrame(inner);

const NODES_V6 = [NODE1_V6, NODE2_V6] as const;
const tunnel = udpDatagram(45_000, 8472, vxlanPacket(frame));

/** The packet of two pods in link layers, transports and fragments that are rare between nodes. */
const RARE: FrameVariants = {
  'three VLANs': () => ethernetFrame(join(hex('0064 8100 0065 8100 0066 0800'), inner), 0x88a8),
  'a VLAN of type 0x9200': () => ethernetFrame(join(hex('0064 0800'), inner), 0x9200),
  '802.2 SNAP': () => ethernetFrame(join(hex('aaaa03 000000 0800'), inner), inner.length + 8),
  'behind a spanning tree header': () => ethernetFrame(join(hex('424203'), inner), inner.length + 3),
  'behind a CDP header': () => ethernetFrame(join(hex('aaaa03 00000c 2000'), inner), inner.length + 8),
  'behind a short packet of the nodes': () => join(between(1, hex('0800 0000 0001 0001')), inner),
  'an IPv6 underlay of strangers': () => ethernetFrame(ipv6Packet(...NODES_V6, 17, tunnel), 0x86dd),
  'IPv4 in IPv6': () => ethernetFrame(ipv6Packet(...NODES_V6, 4, inner), 0x86dd),
  'IPv6 with options': () => ethernetFrame(ipv6Packet(...NODES_V6, 0, join(hex('3c00 0104 00000000 1100 0104 00000000'), tunnel)), 0x86dd),
  'IPv6 with a routing header': () =>
    ethernetFrame(ipv6Packet(...NODES_V6, 43, join(hex('0402 0400 00000000 fd00 0000 0000 0000 0000 0000 0000 0002'), inner)), 0x86dd),
  'IPv4 addresses in IPv6 ones': () =>
    ethernetFrame(ipv6Packet('::ffff:a00:10b', '::ffff:a00:20b', 17, udpDatagram(40_000, 9000, TEXT)), 0x86dd),
  'IPv4 addresses behind zeros': () => ethernetFrame(ipv6Packet('::a00:10b', '::a00:20b', 17, udpDatagram(40_000, 9000, TEXT)), 0x86dd),
  'addresses of 6to4': () => ethernetFrame(ipv6Packet('2002:a00:10b::1', '2002:a00:20b::1', 17, udpDatagram(40_000, 9000, TEXT)), 0x86dd),
  'addresses of ISATAP': () =>
    ethernetFrame(ipv6Packet('fe80::5efe:a00:10b', 'fe80::200:5efe:a00:20b', 17, udpDatagram(40_000, 9000, TEXT)), 0x86dd),
  'a GRE in UDP': () => datagram(4754, join(hex('00000800'), inner)),
  'VXLAN with a VLAN inside': () => datagram(8472, vxlanPacket(ethernetFrame(join(hex('0064 0800'), inner), 0x8100))),
  'VXLAN with SNAP inside': () => datagram(8472, vxlanPacket(ethernetFrame(join(hex('aaaa03 000000 0800'), inner), inner.length + 8))),
  'VXLAN with MPLS inside': () => datagram(8472, vxlanPacket(ethernetFrame(join(hex('00064140'), inner), 0x8847))),
  'VXLAN in Geneve': () => datagram(6081, join(hex('00006558 00000100'), ethernetFrame(ipv4Packet('10.0.1.1', '10.0.2.1', 17, tunnel)))),
  'a record of TLS': () => between(6, tcpSegment(40_000, 443, 5, join(hex('170303'), word(inner.length), inner))),
  'a datagram of QUIC': () => datagram(443, join(hex('4101020304050607 08'), inner)),
  'MACsec without encryption': () => ethernetFrame(join(hex('0000 00000001 0800'), inner), 0x88e5),
  'a time message (PTP)': () => ethernetFrame(join(hex('000200'), Buffer.alloc(31), inner), 0x88f7),
  'slow protocols': () => ethernetFrame(join(hex('0101'), inner), 0x8809),
  'RoCE without UDP': () => ethernetFrame(join(Buffer.alloc(40), inner), 0x8915),
  'a PIM register': () => between(103, join(hex('2100 0000 00000000'), inner)),
  'MPLS in IP': () => between(137, join(hex('00064140'), inner)),
  WESP: () => between(141, join(hex('320c 0000 00000003 00000001'), inner)),
  'an ICMP echo of nodes': () => between(1, join(hex('0800 0000 0001 0001'), inner)),
  'a sample of sFlow': () => datagram(6343, join(hex('00000005 00000001 ac120001 00000000 00000001 00000001'), frame)),
  'the first frame of a message (WebSocket)': () => between(6, tcpSegment(40_000, 80, 5, join(hex('827e'), word(inner.length), inner))),
  'a TCP handshake of nodes': () => between(6, join(hex('9c40 1f90 00000001 00000000 5002 ffff 0000 0000'), inner)),
  'behind the end of a datagram': () => between(17, join(hex('1b58 1b58 0008 0000'), inner)),
  'addresses of a translator': () =>
    ethernetFrame(ipv6Packet('64:ff9b::a00:10b', '64:ff9b::a00:20b', 17, udpDatagram(40_000, 9000, TEXT)), 0x86dd),
  'VXLAN of another network': () => datagram(8472, join(hex('08000000 abcdef00'), frame)),
  'VXLAN with a group policy': () => datagram(8472, join(hex('88000001 00000200'), frame)),
  'Geneve with options': () => datagram(6081, join(hex('04006558 00000100 0102 8003 00000000 00000000 00000000'), frame)),
  'IP in Geneve': () => datagram(6081, join(hex('00000800 00000100'), inner)),
  'a GRE with routing': () => between(47, join(hex('40000800 00000000 00000000'), inner)),
  NVGRE: () => between(47, join(hex('20006558 00123400'), frame)),
  WCCP: () => between(47, join(hex('0000883e 00000000'), inner)),
  'IP in IP in IP': () => between(4, ipv4Packet(NODE1, NODE2, 4, inner)),
  'IPComp without compression': () => between(108, join(hex('04000003'), inner)),
  'UDP-Lite': () => between(136, join(hex('9c40 2328 0008 0000'), inner)),
  DCCP: () => between(33, join(hex('9c40 2328 04000000 00000000'), inner)),
  'an experimental protocol': () => between(253, inner),
  'two MPLS labels': () => ethernetFrame(join(hex('00064040 00065140'), inner), 0x8847),
  'a pseudowire': () => ethernetFrame(join(hex('00064140 00000000'), frame), 0x8847),
  TRILL: () => ethernetFrame(join(hex('0000 0001 0002'), frame), 0x22f3),
  HSR: () => ethernetFrame(join(hex('1050 0001 0800'), inner), 0x892f),
  'a trailer of PRP': () => join(ethernetFrame(inner), hex('0001 a050 88fb')),
  'RoCE in UDP': () => datagram(4791, join(hex('0a40ffff 00000001 00000001'), inner)),
  OpenVPN: () => datagram(1194, join(hex('30 00000001'), inner)),
  CAPWAP: () => datagram(5247, join(hex('0010 0200 00000000'), frame)),
  TZSP: () => datagram(37_008, join(hex('0100 0001 01'), frame)),
  'a DNS message': () => datagram(53, join(hex('1234 0100 0001 0000 0000 0000'), inner)),
  'an ICMP redirect': () => between(1, join(hex('0501 0000 ac120001'), inner)),
  'fragments of 8 bytes': () => fragments(tunnel, 8, 33),
  'fragments of 8 bytes, the last first': () => fragments(tunnel, 8, 34).reverse(),
  'fragments, one of them missing': () => fragments(tunnel, 32, 35).filter((_, n) => n !== 2),
  'a length of 0': () => ethernetFrame(withWord(inner, 2, 0)),
  'a length too short': () => ethernetFrame(withWord(inner, 2, 20)),
  'a length too long': () => ethernetFrame(withWord(inner, 2, 900)),
  'EtherType of IPv6': () => ethernetFrame(inner, 0x86dd),
  'split over two TCP segments': () => segments(inner, [12]),
  'split over two TCP segments, the second first': () => segments(inner, [12]).reverse(),
  'split over three TCP segments': () => segments(inner, [7, 19]),
  'split over two TCP segments, behind a message': () => segments(join(TEXT, inner, TEXT), [TEXT.length + 15]),
  'split over two datagrams': () => [datagram(7000, inner.subarray(0, 14)), datagram(7000, inner.subarray(14))],
  'split over two datagrams, each with a header': () =>
    [inner.subarray(0, 14), inner.subarray(14)].map((part, n) => datagram(7000, join(hex(`0000 0001 0000 000${n}`), part))),
};

/** A datagram of the nodes in fragments of `size` bytes. */
function fragments(whole: Uint8Array, size: number, id: number): Buffer[] {
  return Array.from({ length: Math.ceil(whole.length / size) }, (_, n) => {
    const part = ipv4Packet(NODE1, NODE2, 17, whole.subarray(n * size, (n + 1) * size));
    return ethernetFrame(withWord(withWord(part, 4, id), 6, ((n + 1) * size < whole.length ? 0x2000 : 0) | ((n * size) / 8)));
  });
}

/** A stream of the nodes, cut at these places. */
function segments(stream: Uint8Array, cuts: readonly number[]): Buffer[] {
  const starts = [0, ...cuts];
  return starts.map((start, n) => between(6, tcpSegment(40_000, 8080, 1000 + start, stream.subarray(start, starts[n + 1]))));
}

function withWord(bytes: Uint8Array, at: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt16BE(value, at);
  return copy;
}

/**
 * Not here, as nothing in a frame tells it from what nodes say for themselves: a packet of pods that an application of a node turned into
 * text (base64, hexadecimal) or into other bytes (backwards, byte by byte), and one without the version of an IP header, which no node
 * forwards. A canary is found in some of these forms.
 */
export const rareCarriers: AttackTopic = {
  topic: 'rare-carriers',
  root: 'a packet in a rare link layer, transport or fragment is taken for traffic of nodes, and what it carries is not checked',
  manipulations: [
    withFrames(
      'pod-packet-rare',
      'one packet of two pods goes from node to node, readable, in a wrapping that is rare between nodes',
      RARE,
      [],
    ),
  ],
};
