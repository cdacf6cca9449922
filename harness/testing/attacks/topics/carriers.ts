import { ethernetFrame, vxlanPacket } from '../../packets.ts';
import type { AttackTopic } from '../attack.ts';
import { type FrameVariants, withFrames } from '../frame-manipulation.ts';
import { between, datagram, hex, inTunnel, join, podPacket, word } from '../wire-packets.ts';

const inner = podPacket();
const frame = ethernetFrame(inner);

/** A readable packet of two pods, from node to node in every wrapping that kernels and switches know. */
const CARRIERS: FrameVariants = {
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
  'GTP-U': () => datagram(2152, join(hex('30ff'), word(inner.length), hex('00000001'), inner)),
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
  PPPoE: () => ethernetFrame(join(hex('1100 0001'), word(inner.length + 2), hex('0021'), inner), 0x8864),
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
    between(132, join(hex('1000 2000 00000000 00000000 0003'), word(inner.length + 16), hex('00000000 0000 0000 00000000'), inner)),
  'a TCP segment of nodes': () => between(6, join(hex('9c40 1f90 00000001 00000001 5018 ffff 0000 0000'), inner)),
  'a datagram of nodes, after some bytes': () => datagram(7000, join(Buffer.alloc(37, 0x41), inner)),
  'the padding of an ARP frame': () =>
    ethernetFrame(join(hex('0001 0800 06 04 0001 020000000001 ac120001 000000000000 ac120002'), inner), 0x0806),
  'an IP option': () => ethernetFrame(withOption(inner)),
};

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

export const carriers: AttackTopic = {
  topic: 'carriers',
  root: 'a frame is taken for traffic of nodes by its place, and what it carries is not checked',
  manipulations: [withFrames('pod-packet', 'one packet of two pods goes from node to node, readable, inside', CARRIERS, ['WIR-01'])],
};
