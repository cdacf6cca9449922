import { espPacket, ethernetFrame, ipv4Packet, udpDatagram, vxlanPacket, wireguardData, wireguardInitiation } from '../../packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../../two-nodes.ts';
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

function ofFrames(id: string, what: string, frames: Readonly<Record<string, () => Uint8Array>>, turns: readonly string[], on = BOTH) {
  return {
    id,
    what,
    on,
    variants: Object.keys(frames),
    turns,
    edit: (draft: Parameters<typeof onTheWire>[0], name: string) => {
      const make = frames[name];
      if (make === undefined) throw new RangeError(`there is no frame ${name}`);
      onTheWire(draft, make());
    },
  };
}

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
    ofFrames('opaque', 'nodes speak to each other encrypted, and neither the claim nor the state of a node explains it', OPAQUE, []),
    ofFrames('strangers', 'a frame goes where none should', STRANGERS, []),
  ],
};
