import { ethernetFrame, ipv4Packet, udpDatagram, vxlanPacket } from '../packets.ts';
import { NODE1, NODE2, POD1, POD2 } from '../two-nodes.ts';
import type { RecordingDraft } from './draft.ts';
import { inserted } from './frames.ts';

/** Readable bytes that are no canary: what a pod says. */
export const TEXT = Buffer.from('GET /orders?customer=4711 HTTP/1.1\r\nHost: shop.example\r\nCookie: session=open\r\n\r\n');

/** What a pod of node1 says to one of node2, readable. */
export function podPacket(payload: Uint8Array = TEXT, [sport, dport] = [40_000, 9000]): Buffer {
  return ipv4Packet(POD1, POD2, 17, udpDatagram(sport, dport, payload));
}

/** A frame between the nodes. */
export function between(protocol: number, payload: Uint8Array): Buffer {
  return ethernetFrame(ipv4Packet(NODE1, NODE2, protocol, payload));
}

/** A datagram between the nodes. */
export function datagram(dport: number, payload: Uint8Array, sport = 45_000): Buffer {
  return between(17, udpDatagram(sport, dport, payload));
}

/** A packet of pods in the tunnel of the recorded labs, not encrypted. */
export function inTunnel(inner: Uint8Array): Buffer {
  return datagram(8472, vxlanPacket(ethernetFrame(inner)));
}

/** Bytes of any header, from hexadecimal. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** A number as two bytes, big endian. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Bytes one after the other. */
export function join(...parts: readonly Uint8Array[]): Buffer {
  return Buffer.concat(parts);
}

/** A frame in the tunnel of the recorded labs. */
export function inTunnelOf(etherType: number, payload: Uint8Array): Buffer {
  return datagram(8472, vxlanPacket(ethernetFrame(payload, etherType)));
}

/** Put frames into what the tap between the nodes saw of the judged traffic. */
export function onTheWire(draft: RecordingDraft, ...frames: readonly Uint8Array[]): void {
  draft.frames({ phase: 'encrypted', vantage: 'wire' }, (seen) => inserted(seen, frames));
}
