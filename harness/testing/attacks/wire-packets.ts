import { ethernet, ipv4, udp, vxlan } from '../packets.ts';
import type { Draft } from './draft.ts';
import { inserted } from './frames.ts';

/** Addresses of the recorded labs. */
export const NODE1 = '172.18.0.1';
export const NODE2 = '172.18.0.2';
export const POD1 = '10.0.1.11';
export const POD2 = '10.0.2.11';

/** Readable bytes that are no canary: what a pod says. */
export const TEXT = Buffer.from('GET /orders?customer=4711 HTTP/1.1\r\nHost: shop.example\r\nCookie: session=open\r\n\r\n');

/** An IPv4 packet with the checksum that routers want; those of the layers above are not looked at by anybody on the way. */
export function packet(src: string, dst: string, protocol: number, payload: Uint8Array, ttl = 64): Buffer {
  const bytes = ipv4(src, dst, protocol, payload);
  bytes[8] = ttl;
  bytes.writeUInt16BE(0, 10);
  let sum = 0;
  for (let at = 0; at < 20; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, 10);
  return bytes;
}

/** What a pod of node1 says to one of node2, readable. */
export function podPacket(payload: Uint8Array = TEXT, [sport, dport] = [40_000, 9000]): Buffer {
  return packet(POD1, POD2, 17, udp(sport, dport, payload));
}

/** A frame between the nodes. */
export function between(protocol: number, payload: Uint8Array): Buffer {
  return ethernet(packet(NODE1, NODE2, protocol, payload));
}

/** A datagram between the nodes. */
export function datagram(dport: number, payload: Uint8Array, sport = 45_000): Buffer {
  return between(17, udp(sport, dport, payload));
}

/** A packet of pods in the tunnel of the recorded labs, not encrypted. */
export function inTunnel(inner: Uint8Array): Buffer {
  return datagram(8472, vxlan(ethernet(inner)));
}

/** Bytes of any header, from hexadecimal. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex');
}

/** Put frames into what the tap between the nodes saw of the judged traffic. */
export function onTheWire(draft: Draft, ...frames: readonly Uint8Array[]): void {
  draft.frames({ phase: 'encrypted', vantage: 'wire' }, (seen) => inserted(seen, frames));
}
