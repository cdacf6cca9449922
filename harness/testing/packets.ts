import { blake2s } from '@noble/hashes/blake2.js';
import { noise } from '../decode/wire/sample/packets.ts';

/** Bytes of packets for tests. Only the checksum of an IPv4 header is right: the others no reader of captures looks at. */

/** A MAC pair that stands for any; type in network order. */
export function ethernet(payload: Uint8Array, etherType = 0x0800): Buffer {
  const header = Buffer.alloc(14);
  header.set([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2]);
  header.writeUInt16BE(etherType, 12);
  return Buffer.concat([header, payload]);
}

export function ipv4(src: string, dst: string, protocol: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(20);
  header[0] = 0x45;
  header.writeUInt16BE(20 + payload.length, 2);
  header[8] = 64;
  header[9] = protocol;
  header.set(src.split('.').map(Number), 12);
  header.set(dst.split('.').map(Number), 16);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** Of an IPv4 header whose checksum is zero (RFC 1071). */
function checksum(header: Buffer): number {
  let sum = 0;
  for (let at = 0; at < header.length; at += 2) sum += header.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** Addresses in 16 bytes each. */
export function ipv6(src: Uint8Array, dst: Uint8Array, nextHeader: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(payload.length, 4);
  header[6] = nextHeader;
  header[7] = 64;
  header.set(src, 8);
  header.set(dst, 24);
  return Buffer.concat([header, payload]);
}

export function udp(sport: number, dport: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt16BE(sport, 0);
  header.writeUInt16BE(dport, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  return Buffer.concat([header, payload]);
}

export function echo(type: 8 | 0, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  return Buffer.concat([header, payload]);
}

/** An ESP packet whose IV is its sequence number and whose ciphertext varies as random bytes do. */
export function esp(spi: number, sequence: number, size = 64, seed = sequence): Buffer {
  const packet = noise(size, seed + 1);
  packet.writeUInt32BE(spi, 0);
  packet.writeUInt32BE(sequence, 4);
  packet.writeBigUInt64BE(BigInt(sequence), 8);
  return packet;
}

/** A WireGuard data message with `size` bytes of ciphertext that vary as random bytes do. */
export function wireguardData(counter: number, size = 48): Buffer {
  const message = Buffer.alloc(16 + size);
  message[0] = 4;
  message.writeUInt32LE(0x11223344, 4);
  message.writeBigUInt64LE(BigInt(counter), 8);
  for (let i = 0; i < size; i++) message[16 + i] = (i * 151 + counter * 37 + (i >> 3) * 89) & 0xff;
  return message;
}

/** A handshake initiation with a mac1 for the owner of a public key (base64); its other fields only look the part. */
export function wireguardInitiation(publicKey: string): Buffer {
  const message = Buffer.alloc(148);
  message[0] = 1;
  message.set(noise(112), 4);
  message[39]! &= 0x7f;
  const key = blake2s(Buffer.concat([Buffer.from('mac1----'), Buffer.from(publicKey, 'base64')]));
  message.set(blake2s(message.subarray(0, 116), { key, dkLen: 16 }), 116);
  return message;
}

export function vxlan(inner: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = 0x08;
  return Buffer.concat([header, inner]);
}

/** When frames of no stated time were captured, Unix milliseconds: that of recordings which tell no time by our clocks. */
const SOME_TIME = Date.parse('2026-11-21T11:00:00.000Z');

/** A classic pcap of Ethernet frames, one a millisecond. */
export function pcap(frames: readonly Uint8Array[]): Buffer {
  return pcapAt(frames.map((bytes, index) => ({ ms: SOME_TIME + index, bytes })));
}

/** A classic pcap of Ethernet frames, each at its time in Unix milliseconds. */
export function pcapAt(frames: readonly { readonly ms: number; readonly bytes: Uint8Array }[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(262_144, 16);
  header.writeUInt32LE(1, 20);
  return Buffer.concat([
    header,
    ...frames.flatMap(({ ms, bytes }) => {
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(ms / 1000), 0);
      record.writeUInt32LE(Math.round((ms % 1000) * 1000), 4);
      record.writeUInt32LE(bytes.length, 8);
      record.writeUInt32LE(bytes.length, 12);
      return [record, bytes];
    }),
  ]);
}
