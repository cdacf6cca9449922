import { espPacket, ethernetFrame, ipv4Packet, udpDatagram, wireguardData, wireguardInitiation } from '../../packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../two-nodes.ts';
import type { AttackTopic } from '../attack.ts';
import { type FrameVariants, withFrames } from '../frame-manipulation.ts';
import { between, datagram, hex, inTunnel, join, podPacket, TEXT } from '../wire-packets.ts';

const inner = podPacket();

/** What pods say in shapes that look like protection or housekeeping. */
const SHAPES: FrameVariants = {
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

/** Readable bytes between the nodes with a header of the claimed kind of ciphertext. */
const DRESSED: FrameVariants = {
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

/** Ciphertext, or what looks like it, of which no node has an SA or a device. */
const OPAQUE: FrameVariants = {
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

export const lookAlikes: AttackTopic = {
  topic: 'look-alikes',
  root: 'a frame is taken for ciphertext or housekeeping by its shape, and what it carries is not checked',
  manipulations: [
    withFrames(
      'pod-shape',
      'two pods talk from node to node outside of the encryption, in a protocol that encrypts itself or looks like housekeeping',
      SHAPES,
      [],
    ),
    withFrames('dressed', 'readable bytes go from node to node with a header of ciphertext', DRESSED, []),
    withFrames('opaque', 'nodes speak to each other encrypted, and neither the claim nor the state of a node explains it', OPAQUE, []),
  ],
};
