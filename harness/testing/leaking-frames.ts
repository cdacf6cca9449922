import {
  espPacket,
  ethernetFrame,
  icmpEcho,
  ipv4Packet,
  ipv6Packet,
  noise,
  udpDatagram,
  vxlanPacket,
  wireguardData,
  wireguardInitiation,
} from './packets.ts';

/** Addresses of the cluster of the frames: two nodes, a pod on each, and a second pod on the first. */
export interface LeakEnds {
  readonly nodes: readonly [string, string];
  readonly pods: readonly [string, string];
  /** Another address of the first node's pods. */
  readonly neighbour: string;
}

/** The same in IPv6. */
export type LeakEnds6 = Pick<LeakEnds, 'nodes' | 'pods'>;

/** Frames that contain a readable packet of two pods, by their name. */
export type LeakingFrames = readonly (readonly [name: string, frames: readonly Buffer[]])[];

const OUTSIDE = '203.0.113.9';
const TEXT = Buffer.from('the account number is 4111 1111 1111 1111 and this line goes on for a while, in plain English. '.repeat(3));
const KEY = Buffer.alloc(32, 1).toString('base64');
const bytes = (...values: readonly number[]): Buffer => Buffer.from(values);
const join = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

/** An IPv4 packet in Ethernet as a fragment: `offset` in bytes. */
export function fragmentOf(frame: Uint8Array, id: number, offset: number, more: boolean): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt16BE(id, 14 + 4);
  copy.writeUInt16BE((more ? 0x2000 : 0) | (offset / 8), 14 + 6);
  return copy;
}

function message(type: number, length: number): Buffer {
  return join(bytes(type, 0, 0, 0), TEXT, TEXT).subarray(0, length);
}

function ike(): Buffer {
  return join(noise(16, 3), bytes(33, 0x20, 34, 0x08, 0, 0, 0, 0, 0, 0, 0, 28 + 64), noise(64, 4));
}

/** The frame with another byte at a place. */
function withByte(frame: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(frame);
  copy[at] = value;
  return copy;
}

/** Frames that were once misclassified, tunnels that no decoder reads, and fragments: each must be detected under any claim. */
export function leakingFrames({ nodes: [NODE1, NODE2], pods: [POD1, POD2], neighbour }: LeakEnds): LeakingFrames {
  const text = udpDatagram(40_000, 9_000, TEXT.subarray(0, 64));
  const packet = ipv4Packet(POD1, POD2, 17, text);
  const frame = ethernetFrame(packet);
  const between = (protocol: number, payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet(NODE1, NODE2, protocol, payload));
  const nodesUdp = (sport: number, dport: number, payload: Uint8Array): Buffer => between(17, udpDatagram(sport, dport, payload));
  const pods = (protocol: number, payload: Uint8Array): Buffer => ethernetFrame(ipv4Packet(POD1, POD2, protocol, payload));
  const podsUdp = (sport: number, dport: number, payload: Uint8Array): Buffer => pods(17, udpDatagram(sport, dport, payload));
  const datagram = udpDatagram(50_000, 8472, vxlanPacket(frame));
  return [
    // Shapes of ciphertext between pods.
    ['IKE between pods', [podsUdp(500, 500, ike())]],
    ['IKE between pods on 4500', [podsUdp(4500, 4500, join(bytes(0, 0, 0, 0), ike()))]],
    ['a NAT keepalive of a pod', [podsUdp(4500, 4500, bytes(0xff))]],
    ['a pod’s own ESP', [pods(50, espPacket(0x1000, 1, 112))]],
    ['a pod’s own ESP on UDP 4500', [podsUdp(4500, 4500, espPacket(0x1000, 1, 112))]],
    ['a pod’s own WireGuard', [podsUdp(51_820, 51_820, wireguardData(1))]],
    ['a pod’s own handshake', [podsUdp(51_820, 51_820, wireguardInitiation(KEY))]],
    ['a pod’s own WireGuard on Cilium’s port', [podsUdp(51_871, 51_871, wireguardData(1))]],
    ...[1, 2, 3, 4].map((type) => [`text as WireGuard type ${type}`, [podsUdp(51_871, 51_871, message(type, [0, 148, 92, 64, 128][type]!))]] as const),
    ['text on UDP 4500', [podsUdp(4500, 4500, TEXT)]],
    ['a DNS query on UDP 4500', [podsUdp(4500, 53, join(bytes(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7), Buffer.from('example\x03com\0\0\x01\0\x01')))]],
    ['text with the protocol number of ESP', [pods(50, TEXT.subarray(0, 96))]],
    ['an IGMP report with time to live 1', [withByte(pods(2, bytes(0x16, 0, 0, 0, 224, 0, 0, 9)), 14 + 8, 1)]],
    ['pods of one node', [ethernetFrame(ipv4Packet(POD1, neighbour, 17, text))]],
    ['a VXLAN of its own between pods', [podsUdp(40_000, 4789, vxlanPacket(ethernetFrame(ipv4Packet('192.0.2.1', '192.0.2.2', 1, icmpEcho(8, TEXT)))))]],
    // Link layers.
    ...[0x8902, 0x9000, 0x888e, 0x88cc, 0x88f7, 0x8809, 0x8808, 0x8035, 0x1234, 0x88e7].map((type) => [`EtherType 0x${type.toString(16)}`, [ethernetFrame(packet, type)]] as const),
    ['ARP with a packet behind it', [ethernetFrame(join(bytes(0, 1, 8, 0, 6, 4, 0, 1), Buffer.alloc(20), packet), 0x0806)]],
    ['MPLS', [ethernetFrame(join(bytes(0, 0x10, 1, 64), packet), 0x8847)]],
    ['PPPoE', [ethernetFrame(join(bytes(0x11, 0, 0, 1, 0, 200, 0, 0x21), packet), 0x8864)]],
    ['MACsec without confidentiality', [ethernetFrame(join(bytes(0, 0, 0, 0, 0, 1, 8, 0), packet, noise(16)), 0x88e5)]],
    ['802.2 SNAP of an unknown organisation', [ethernetFrame(join(bytes(0xaa, 0xaa, 3, 1, 2, 3, 0, 1), packet), 100)]],
    // Tunnels between the nodes.
    ['VXLAN on another port', [nodesUdp(50_000, 9_999, vxlanPacket(frame))]],
    ['VXLAN by its source port only', [nodesUdp(8472, 50_000, vxlanPacket(frame))]],
    ['VXLAN without the I flag', [nodesUdp(50_000, 8472, join(Buffer.alloc(8), frame))]],
    ['VXLAN-GPE', [nodesUdp(50_000, 4790, join(bytes(0x0c, 0, 0, 1, 0, 0, 7, 0), packet))]],
    ['Geneve on another port', [nodesUdp(50_000, 6082, join(bytes(0, 0, 0x65, 0x58, 0, 0, 7, 0), frame))]],
    ['FOU', [nodesUdp(50_000, 5555, packet)]],
    ['GUE', [nodesUdp(50_000, 6080, join(bytes(0, 4, 0, 0), packet))]],
    ['GTP-U', [nodesUdp(2152, 2152, join(bytes(0x30, 0xff, 0, 92, 0, 0, 0, 1), packet))]],
    ['MPLS in UDP', [nodesUdp(50_000, 6635, join(bytes(0, 0x10, 1, 64), packet))]],
    ['LISP', [nodesUdp(50_000, 4341, join(bytes(0x80, 0, 0, 1, 0, 0, 0, 1), packet))]],
    ['STT', [between(6, join(bytes(0xc0, 0, 0x1d, 0x2f, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 0, 0, 0, 0, 0, 0), Buffer.alloc(18), frame))]],
    ['L2TPv3', [between(115, join(bytes(0, 0, 0, 9, 0, 0, 0, 0), frame))]],
    ['EtherIP', [between(97, join(bytes(0x30, 0), frame))]],
    ['ERSPAN', [between(47, join(bytes(0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 0, 0, 0, 0, 0), frame))]],
    ['GRE of version 1', [between(47, join(bytes(0x30, 1, 0x88, 0x0b, 0, 96, 0, 0, 0, 0, 0, 1), packet))]],
    ['IP in IP', [between(4, packet)]],
    ['a tunnel that nobody knows, at an odd offset', [nodesUdp(50_000, 9_999, join(noise(13), packet))]],
    ['a message over TCP that holds the packet', [between(6, join(bytes(0xc0, 0, 0, 99, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 0, 0, 0, 0, 0, 0), noise(31), packet))]],
    ['a packet quoted in an ICMP error', [between(1, join(bytes(3, 1, 0, 0, 0, 0, 0, 0), packet.subarray(0, 28)))]],
    ['a datagram from outside that holds the packet', [ethernetFrame(ipv4Packet(OUTSIDE, NODE2, 17, udpDatagram(50_000, 9_999, packet)))]],
    // Behind headers of encryption.
    ['behind the header of the nodes’ ESP', [between(50, join(espPacket(3, 77, 8), packet))]],
    ['behind the header of the nodes’ WireGuard', [nodesUdp(51_871, 51_871, join(wireguardData(77).subarray(0, 16), packet, Buffer.alloc(4)))]],
    // Fragments.
    ['a first fragment that holds only the UDP header', [fragmentOf(between(17, datagram.subarray(0, 8)), 7, 0, true), fragmentOf(between(17, datagram.subarray(8)), 7, 8, false)]],
    ['an IP header that two fragments share', [fragmentOf(between(17, datagram.subarray(0, 40)), 7, 0, true), fragmentOf(between(17, datagram.subarray(40)), 7, 40, false)]],
    ['the same, the later one first', [fragmentOf(between(17, datagram.subarray(40)), 7, 40, false), fragmentOf(between(17, datagram.subarray(0, 40)), 7, 0, true)]],
  ]; // biome-ignore format: a table
}

/** The same for IPv6. */
export function leakingFrames6(
  { nodes: [NODE1_V6, NODE2_V6], pods: [POD1_V6, POD2_V6] }: LeakEnds6,
  [NODE1, NODE2]: LeakEnds['nodes'],
): LeakingFrames {
  const packet6 = ipv6Packet(POD1_V6, POD2_V6, 17, udpDatagram(40_000, 9_000, TEXT.subarray(0, 64)));
  const frame = ethernetFrame(packet6, 0x86dd);
  const nodesUdp = (sport: number, dport: number, payload: Uint8Array): Buffer =>
    ethernetFrame(ipv4Packet(NODE1, NODE2, 17, udpDatagram(sport, dport, payload)));
  const eth6 = (payload: Uint8Array): Buffer => ethernetFrame(payload, 0x86dd);
  const hopLimit = (limited: Buffer, value: number): Buffer => withByte(limited, 14 + 7, value);
  return [
    ['listener discovery', [hopLimit(eth6(ipv6Packet(POD1_V6, POD2_V6, 58, join(bytes(131, 0, 0, 0, 0, 0, 0, 0), noise(16)))), 1)]],
    ['neighbour discovery', [hopLimit(eth6(ipv6Packet(POD1_V6, POD2_V6, 58, join(bytes(135, 0, 0, 0, 0, 0, 0, 0), noise(16)))), 255)]],
    ['text in a neighbour solicitation', [hopLimit(eth6(ipv6Packet(POD1_V6, POD2_V6, 58, join(bytes(135, 0, 0, 0), TEXT))), 255)]],
    ['IPv6 pods in a tunnel that nobody knows', [nodesUdp(50_000, 9_999, join(noise(13), packet6))]],
    ['a packet quoted in an ICMPv6 error', [eth6(ipv6Packet(NODE1_V6, NODE2_V6, 58, join(bytes(1, 0, 0, 0, 0, 0, 0, 0), packet6.subarray(0, 56))))]],
    ['VXLAN on another port over IPv6', [eth6(ipv6Packet(NODE1_V6, NODE2_V6, 17, udpDatagram(50_000, 9_999, vxlanPacket(frame))))]],
    ['an IPv6 underlay', [eth6(ipv6Packet(NODE1_V6, NODE2_V6, 17, udpDatagram(50_000, 8472, vxlanPacket(frame))))]],
  ]; // biome-ignore format: a table
}
