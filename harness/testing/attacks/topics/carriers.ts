import {
  espPacket,
  ethernetFrame,
  ipv4Packet,
  ipv6Packet,
  tcpSegment,
  udpDatagram,
  vxlanPacket,
  wireguardData,
  wireguardInitiation,
} from '../../packets.ts';
import { NODE1, NODE1_V6, NODE2, NODE2_V6, POD1, POD2 } from '../../two-nodes.ts';
import type { AttackTopic } from '../attack.ts';
import type { BaseName } from '../base.ts';
import { between, datagram, hex, inTunnel, onTheWire, podPacket, TEXT } from '../wire-packets.ts';

const BOTH: readonly BaseName[] = ['ipsec-1.17', 'wireguard'];
const join = (...parts: readonly Uint8Array[]) => Buffer.concat(parts);
const inner = podPacket();
const frame = ethernetFrame(inner);

/** A readable packet of two pods, from node to node in every wrapping that kernels and switches know. */
const CARRIERS: Readonly<Record<string, () => Uint8Array>> = {
  bare: () => ethernetFrame(inner),
  'VXLAN on its port': () => inTunnel(inner),
  'VXLAN on the port of IANA': () => datagram(4789, vxlanPacket(frame)),
  'VXLAN on port 9999': () => datagram(9999, vxlanPacket(frame)),
  'VXLAN by its source port': () => datagram(45_000, vxlanPacket(frame), 8472),
  'VXLAN without the flag of its VNI': () => datagram(8472, join(hex('00000000 00000000'), frame)),
  'VXLAN-GPE': () => datagram(4790, join(hex('0c000001 00000100'), inner)),
  Geneve: () => datagram(6081, join(hex('00006558 00000100'), frame)),
  'Geneve on port 6082': () => datagram(6082, join(hex('00006558 00000100'), frame)),
  'IP in UDP (FOU)': () => datagram(5555, inner),
  GUE: () => datagram(6080, join(hex('00040000'), inner)),
  'GTP-U': () => datagram(2152, join(hex('30ff'), u16(inner.length), hex('00000001'), inner)),
  'MPLS in UDP': () => datagram(6635, join(hex('00064140'), inner)),
  LISP: () => datagram(4341, join(hex('08000000 00000000'), inner)),
  'L2TP in UDP': () => datagram(1701, join(hex('0002 0001 0001 ff03 0021'), inner)),
  Teredo: () => datagram(3544, inner),
  'an ICMP error that quotes it': () => between(1, join(hex('0301 0000 00000000'), inner)),
  'an ICMP time exceeded that quotes it': () => between(1, join(hex('0b00 0000 00000000'), inner)),
  'IP in IP': () => between(4, inner),
  GRE: () => between(47, join(hex('00000800'), inner)),
  'GRE with a key': () => between(47, join(hex('20000800 00000001'), inner)),
  'Ethernet in GRE': () => between(47, join(hex('00006558'), frame)),
  ERSPAN: () => between(47, join(hex('100088be 00000001 1001 0001 00000000'), frame)),
  EtherIP: () => between(97, join(hex('3000'), frame)),
  L2TPv3: () => between(115, join(hex('00000001'), frame)),
  AH: () => between(51, join(hex('04040000 00000003 00000001 000000000000000000000000'), inner)),
  MPLS: () => ethernetFrame(join(hex('00064140'), inner), 0x8847),
  PPPoE: () => ethernetFrame(join(hex('1100 0001'), u16(inner.length + 2), hex('0021'), inner), 0x8864),
  'a VLAN': () => ethernetFrame(join(hex('0064 0800'), inner), 0x8100),
  'two VLANs': () => ethernetFrame(join(hex('0064 8100 0065 0800'), inner), 0x88a8),
  'PBB (MAC in MAC)': () => ethernetFrame(join(hex('00000001'), frame), 0x88e7),
  NSH: () => ethernetFrame(join(hex('0206 0101 00000101 00000000 00000000 00000000 00000000'), inner), 0x894f),
  'an unknown EtherType': () => ethernetFrame(inner, 0x9123),
  'the loopback EtherType': () => ethernetFrame(inner, 0x9000),
  STT: () => between(6, join(hex('1d4f 1d4f 00000000 00000000 5018 ffff 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000'), frame)),
  'UDP 4500 in the shape of ESP': () => datagram(4500, join(hex('00000003 00000001'), inner)),
  'UDP 500': () => datagram(500, inner),
  'an SCTP chunk': () =>
    between(132, join(hex('1000 2000 00000000 00000000 0003'), u16(inner.length + 16), hex('00000000 0000 0000 00000000'), inner)),
  'a TCP segment of nodes': () => between(6, join(hex('9c40 1f90 00000001 00000001 5018 ffff 0000 0000'), inner)),
  'a datagram of nodes, after some bytes': () => datagram(7000, join(Buffer.alloc(37, 0x41), inner)),
  'the padding of an ARP frame': () =>
    ethernetFrame(join(hex('0001 0800 06 04 0001 020000000001 ac120001 000000000000 ac120002'), inner), 0x0806),
  'an IP option': () => ethernetFrame(withOption(inner)),
};

/** What pods say in shapes that look like protection or housekeeping. */
const SHAPES: Readonly<Record<string, () => Uint8Array>> = {
  'IKE between pods': () => inTunnel(podPacket(join(Buffer.alloc(16, 7), hex('2120 2308 00000000 0000001c')), [500, 500])),
  'IKE with NAT traversal between pods': () =>
    inTunnel(podPacket(join(hex('00000000'), Buffer.alloc(16, 7), hex('2120 2308 00000000 0000001c')), [4500, 4500])),
  'a NAT keepalive between pods': () => inTunnel(podPacket(hex('ff'), [4500, 4500])),
  'WireGuard between pods': () => inTunnel(podPacket(wireguardData(7), [51_820, 51_820])),
  'WireGuard between pods on the port of the nodes': () => inTunnel(podPacket(wireguardData(7), [51_871, 51_871])),
  'ESP between pods': () => inTunnel(ipv4Packet(POD1, POD2, 50, espPacket(0x1234, 7))),
  'ESP between pods, bare': () => ethernetFrame(ipv4Packet(POD1, POD2, 50, espPacket(3, 7))),
  'WireGuard between pods, bare': () => ethernetFrame(podPacket(wireguardData(7), [51_871, 51_871])),
  'TLS between pods': () =>
    inTunnel(ipv4Packet(POD1, POD2, 6, join(hex('9c40 01bb 00000001 00000001 5018 ffff 0000 0000 1703030040'), Buffer.alloc(64, 0x9d)))),
  'an IGMP report between pods': () => inTunnel(ipv4Packet(POD1, '224.0.0.22', 2, join(hex('2200 0000 0000 0001'), TEXT), { ttl: 1 })),
  'DHCP between pods': () => inTunnel(podPacket(TEXT, [68, 67])),
  'DNS between pods': () =>
    inTunnel(podPacket(hex('1234 0100 0001 0000 0000 0000 04 73686f70 07 6578616d706c65 00 0001 0001'), [40_001, 53])),
  'one byte between pods': () => inTunnel(podPacket(hex('41'))),
  'nothing between pods': () => inTunnel(podPacket(Buffer.alloc(0))),
  'an ICMP echo between pods': () => inTunnel(ipv4Packet(POD1, POD2, 1, join(hex('0800 0000 0001 0001'), TEXT))),
  'a TCP handshake between pods': () => inTunnel(ipv4Packet(POD1, POD2, 6, hex('9c40 1f90 00000001 00000000 5002 ffff 0000 0000'))),
};

/** Readable bytes between the nodes in the dress of ciphertext of the claimed kind. */
const DRESSED: Readonly<Record<string, () => Uint8Array>> = {
  'text as ESP': () => between(50, join(hex('00000003 00000384'), TEXT, TEXT)),
  'a pod packet as ESP': () => between(50, join(hex('00000003 00000384'), inner)),
  'a pod packet as ESP of another SPI': () => between(50, join(hex('0000beef 00000001'), inner)),
  'a pod packet in ESP without encryption': () =>
    between(50, join(hex('00000003 00000384 0000000000000384'), inner, hex('0102 02 04'), Buffer.alloc(16, 3))),
  'ESP in the tunnel, readable': () =>
    inTunnel(ipv4Packet('10.0.1.1', '10.0.2.1', 50, join(hex('00000003 00000384 0000000000000384'), inner))),
  'text as WireGuard data': () => datagram(51_871, join(hex('04000000 11223344 0100000000000000'), TEXT, TEXT), 51_871),
  'a pod packet as WireGuard data': () =>
    datagram(51_871, join(hex('04000000 11223344 0100000000000000'), inner, Buffer.alloc(16)), 51_871),
  'text as a WireGuard handshake': () => datagram(51_871, join(hex('01000000'), Buffer.concat([TEXT, TEXT]).subarray(0, 144)), 51_871),
  'text as a WireGuard cookie': () => datagram(51_871, join(hex('03000000'), TEXT.subarray(0, 60)), 51_871),
  'text as ESP in UDP': () => datagram(4500, join(hex('00000003 00000384'), TEXT, TEXT), 4500),
};

const NODES_V6 = [NODE1_V6, NODE2_V6] as const;
const inTunnelOf = (etherType: number, payload: Uint8Array) => datagram(8472, vxlanPacket(ethernetFrame(payload, etherType)));
const tunnel = udpDatagram(45_000, 8472, vxlanPacket(frame));

/** The packet of two pods in link layers, transports and fragments that are rare between nodes. */
const RARE: Readonly<Record<string, () => Uint8Array | readonly Uint8Array[]>> = {
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
  'a record of TLS': () => between(6, tcpSegment(40_000, 443, 5, join(hex('170303'), u16(inner.length), inner))),
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
  'the first frame of a message (WebSocket)': () => between(6, tcpSegment(40_000, 80, 5, join(hex('827e'), u16(inner.length), inner))),
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

/** What nothing on record explains between two nodes, though it is read to its end. */
const STRAYS: Readonly<Record<string, () => Uint8Array>> = {
  'strangers in the tunnel': () => inTunnel(ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT))),
  'link-local addresses in the tunnel': () => inTunnel(ipv4Packet('169.254.1.2', '169.254.1.3', 17, udpDatagram(1, 2, TEXT))),
  'link-local IPv6 in the tunnel': () => inTunnelOf(0x86dd, ipv6Packet('fe80::1', 'fe80::2', 17, udpDatagram(1, 2, TEXT))),
  'DHCP in the tunnel': () => inTunnel(ipv4Packet('0.0.0.0', '255.255.255.255', 17, udpDatagram(68, 67, TEXT))),
  'ARP in the tunnel': () => inTunnelOf(0x0806, hex('0001 0800 06 04 0001 020000000001 0a00010b 000000000000 0a00020b')),
  'LLDP in the tunnel': () => inTunnelOf(0x88cc, hex('0207040200000000 09 040303 65 74 060200780000')),
  'neighbour discovery in the tunnel': () =>
    inTunnelOf(0x86dd, ipv6Packet('fe80::1', 'ff02::1', 58, hex('8800 0000 6000 0000 fe80 0000 0000 0000 0000 0000 0000 0001'))),
  'an unknown EtherType in the tunnel': () => inTunnelOf(0x9123, TEXT),
  'text in the tunnel': () => datagram(8472, join(hex('08000000 00000100'), TEXT)),
  'text on the port of the tunnel': () => datagram(8472, TEXT),
  'IP mobility of pods (RFC 2004)': () => between(55, join(hex('1180 0000 0a00020b 0a00010b'), inner.subarray(20))),
  'text as spanning tree': () => ethernetFrame(join(hex('424203'), TEXT), TEXT.length + 3),
  'text as CDP': () => ethernetFrame(join(hex('aaaa03 00000c 2000'), TEXT), TEXT.length + 8),
  'a pod and a group': () => ethernetFrame(ipv4Packet(POD1, '224.0.0.251', 17, udpDatagram(5353, 5353, TEXT))),
  'a pod and a group, in the tunnel': () => inTunnel(ipv4Packet(POD1, '239.1.2.3', 17, udpDatagram(5000, 5000, TEXT))),
  'a pod and everybody': () => ethernetFrame(ipv4Packet(POD1, '255.255.255.255', 17, udpDatagram(68, 67, TEXT))),
  'a pod and a service, in the tunnel': () => inTunnel(ipv4Packet(POD1, '10.96.0.10', 17, udpDatagram(68, 53, TEXT))),
  'strangers in 6in4': () => between(41, ipv6Packet('fd00::1', 'fd00::2', 17, udpDatagram(1, 2, TEXT))),
  'strangers in IP in IP': () => between(4, ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT))),
  'strangers in GRE': () => between(47, join(hex('00000800'), ipv4Packet('192.168.99.2', '192.168.99.3', 17, udpDatagram(1, 2, TEXT)))),
  'a pod and the world, in the tunnel': () => inTunnel(ipv4Packet(POD1, '203.0.113.7', 17, udpDatagram(68, 53, TEXT))),
  'the world and a pod, in the tunnel': () => inTunnel(ipv4Packet('203.0.113.7', POD2, 17, udpDatagram(68, 53, TEXT))),
};

/** Ciphertext, or what looks like it, of which no node has an SA or a device. */
const OPAQUE: Readonly<Record<string, () => Uint8Array>> = {
  'WireGuard data on another port': () => datagram(41_641, wireguardData(9), 41_641),
  'a WireGuard handshake on another port': () => datagram(41_641, wireguardInitiation(Buffer.alloc(32, 9).toString('base64')), 41_641),
  'WireGuard data of a tunnel’s ends': () =>
    inTunnel(ipv4Packet('10.0.1.1', '10.0.2.1', 17, udpDatagram(51_820, 51_820, wireguardData(9)))),
  'ESP in UDP': () => datagram(4500, espPacket(0xbeef, 9), 4500),
  'ESP in UDP on one port of NAT traversal': () => datagram(4500, espPacket(0xbeef, 9), 50_000),
  'ESP in a VLAN': () => ethernetFrame(join(hex('0064 0800'), ipv4Packet(NODE1, NODE2, 50, espPacket(0xbeef, 9))), 0x8100),
  'ESP in GRE': () => between(47, join(hex('00000800'), ipv4Packet(NODE1, NODE2, 50, espPacket(0xbeef, 9)))),
  'a later fragment of ESP': () => {
    const bytes = between(50, espPacket(0xbeef, 9));
    bytes.writeUInt16BE(1480 / 8, 14 + 6);
    return bytes;
  },
  IKE: () => datagram(500, join(espPacket(1, 2, 8), hex('2120 2208 00000000 0000001c')), 500),
  'IKE with NAT traversal': () =>
    datagram(4500, join(hex('00000000'), espPacket(1, 2, 8), hex('2e20 2308 00000001 0000005c'), espPacket(3, 4, 56)), 4500),
  AH: () => between(51, join(hex('32040000 00000003 00000001 000000000000000000000000'), espPacket(0xbeef, 9))),
};

const STRANGERS: Readonly<Record<string, () => Uint8Array>> = {
  'ESP between the nodes with an SPI of nobody': () => between(50, espPacket(0xdeadbeef, 5)),
  'a packet of pods to a stranger': () =>
    ethernetFrame(ipv4Packet(NODE1, '172.18.0.99', 17, udpDatagram(45_000, 8472, vxlanPacket(frame)))),
  'a packet of two pods of one node': () => ethernetFrame(ipv4Packet(POD1, '10.0.1.12', 17, udpDatagram(40_000, 9000, TEXT))),
  'a packet of two pods of one node, in the tunnel': () => inTunnel(ipv4Packet(POD1, '10.0.1.12', 17, udpDatagram(40_000, 9000, TEXT))),
  'a packet back from a pod': () =>
    ethernetFrame(
      ipv4Packet(
        NODE2,
        NODE1,
        17,
        udpDatagram(45_000, 8472, vxlanPacket(ethernetFrame(ipv4Packet(POD2, POD1, 17, udpDatagram(9000, 40_000, TEXT))))),
      ),
    ),
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

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** The same packet with a record-route option in its header. */
function withOption(bytes: Buffer): Buffer {
  const header = Buffer.from(bytes.subarray(0, 20));
  header[0] = 0x47;
  header.writeUInt16BE(bytes.length + 8, 2);
  header.writeUInt16BE(0, 10);
  const whole = join(header, hex('07 07 04 00000000 00'));
  let sum = 0;
  for (let at = 0; at < 28; at += 2) sum += whole.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  whole.writeUInt16BE(~sum & 0xffff, 10);
  return join(whole, bytes.subarray(20));
}

function ofFrames(
  id: string,
  what: string,
  frames: Readonly<Record<string, () => Uint8Array | readonly Uint8Array[]>>,
  turns: readonly string[],
  on = BOTH,
) {
  return {
    id,
    what,
    on,
    variants: Object.keys(frames),
    turns,
    edit: (draft: Parameters<typeof onTheWire>[0], name: string) => {
      const make = frames[name];
      if (make === undefined) throw new RangeError(`there is no frame ${name}`);
      const made = make();
      onTheWire(draft, ...(made instanceof Uint8Array ? [made] : made));
    },
  };
}

/**
 * Not here, as nothing in a frame tells it from what nodes say for themselves: a packet of pods that an application of a node turned into
 * text (base64, hexadecimal) or into other bytes (backwards, byte by byte), and one without the version of an IP header, which no node
 * forwards. A canary is found in some of these forms.
 */
export const carriers: AttackTopic = {
  topic: 'carriers',
  root: 'a frame is taken for ciphertext, housekeeping or traffic of nodes by its shape or its place, and what it carries is not asked',
  manipulations: [
    ofFrames('pod-packet', 'one packet of two pods goes from node to node, readable, inside', CARRIERS, ['WIR-01']),
    ofFrames(
      'pod-shape',
      'two pods talk from node to node outside of the encryption, in a protocol that encrypts itself or looks like housekeeping',
      SHAPES,
      [],
    ),
    ofFrames('dressed', 'readable bytes go from node to node in the dress of ciphertext', DRESSED, []),
    ofFrames(
      'pod-packet-rare',
      'one packet of two pods goes from node to node, readable, in a wrapping that is rare between nodes',
      RARE,
      [],
    ),
    ofFrames('stray', 'a readable frame goes from node to node that nothing on record explains', STRAYS, []),
    ofFrames('opaque', 'nodes speak to each other encrypted, and neither the claim nor the state of a node explains it', OPAQUE, []),
    ofFrames('strangers', 'a frame goes where none should', STRANGERS, []),
    {
      id: 'service',
      what: 'a readable packet of a pod and a service is between the nodes: a node puts a pod in the place of the service before it sends',
      on: BOTH,
      variants: ['to', 'from', 'to, in the tunnel'],
      turns: ['WIR-01'],
      edit: (draft, how) => {
        const address = draft.manifest.cluster.services[0]?.addresses[0] ?? '';
        const packet =
          how === 'from'
            ? ipv4Packet(address, POD2, 17, udpDatagram(53, 1, TEXT))
            : ipv4Packet(POD1, address, 17, udpDatagram(1, 53, TEXT));
        onTheWire(draft, how.includes('tunnel') ? inTunnel(packet) : ethernetFrame(packet));
      },
    },
  ],
};
