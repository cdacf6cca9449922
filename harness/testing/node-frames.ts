import { espPacket, ethernetFrame, icmpEcho, ipv4Packet, udpDatagram, vxlanPacket, wireguardData, wireguardInitiation } from './packets.ts';
import { NODE1, NODE2, POD1, POD2, ROUTER1, ROUTER2 } from './two-nodes.ts';

/** From node1 to node2, or the other way. */
export type FrameDirection = 'out' | 'back';

/** Tokens of the one capture of each phase. */
export const BEACONS = { start: '11'.repeat(16), end: '22'.repeat(16) };

const ends = (direction: FrameDirection, one: string, two: string): readonly [string, string] =>
  direction === 'out' ? [one, two] : [two, one];

/** A frame between the nodes. */
export function nodeFrame(direction: FrameDirection, protocol: number, payload: Uint8Array): Buffer {
  return ethernetFrame(ipv4Packet(...ends(direction, NODE1, NODE2), protocol, payload));
}

/** A frame inside VXLAN between the nodes. */
export function tunnelFrame(direction: FrameDirection, inner: Uint8Array): Buffer {
  return nodeFrame(direction, 17, udpDatagram(40000, 8472, vxlanPacket(inner)));
}

/** A frame of a flow in the clear inside VXLAN, as an un-encrypted cluster sends it. */
export function clearPing(type: 8 | 0, canary: string): Buffer {
  const direction = type === 8 ? 'out' : 'back';
  return tunnelFrame(direction, ethernetFrame(ipv4Packet(...ends(direction, POD1, POD2), 1, icmpEcho(type, Buffer.from(canary, 'hex')))));
}

/** ESP between the nodes: the encapsulation of Cilium 1.18. */
export function espFrame(direction: FrameDirection, sequence: number, spi = 3, size?: number): Buffer {
  return nodeFrame(direction, 50, espPacket(spi, sequence, size));
}

/** ESP between the routers inside VXLAN: the encapsulation of Cilium 1.17. */
export function espInVxlan(direction: FrameDirection, sequence: number): Buffer {
  return tunnelFrame(direction, ethernetFrame(ipv4Packet(...ends(direction, ROUTER1, ROUTER2), 50, espPacket(3, sequence))));
}

export function wireguardFrame(direction: FrameDirection, counter: number, size?: number): Buffer {
  return nodeFrame(direction, 17, udpDatagram(51871, 51871, wireguardData(counter, size)));
}

/** A handshake initiation from node1 to node2, made for the owner of a public key (base64). */
export function initiationFrame(publicKey: string): Buffer {
  return nodeFrame('out', 17, udpDatagram(51871, 51871, wireguardInitiation(publicKey)));
}

export function beacon(end: 'start' | 'end'): Buffer {
  const text = Buffer.from(`wirewitness-beacon:${BEACONS[end]}`);
  return ethernetFrame(ipv4Packet(NODE1, '255.255.255.255', 17, udpDatagram(9, 9, text)));
}
