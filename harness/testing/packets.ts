/**
 * Builds packets for tests and the bench: each layer is a function of the bytes of its payload. Addresses are text. The checksum of an IPv4
 * header is correct; those of the layers above are zero, because no reader of captures checks them.
 * @module
 */
import { blake2s } from '@noble/hashes/blake2.js';
import ipaddr from 'ipaddr.js';

function bytesOf(address: string): number[] {
  return ipaddr.parse(address).toByteArray();
}

function word(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value >>> 0);
  return b;
}

function half(value: number): number[] {
  return [(value >> 8) & 255, value & 255];
}

/** Ethernet II between two made-up MAC addresses. */
export function ethernetFrame(payload: Uint8Array, etherType = 0x0800): Buffer {
  return Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ...half(etherType)]), payload]);
}

/** IPv4 without options. `fragment` is the raw flags-and-offset field. */
export function ipv4Packet(
  src: string,
  dst: string,
  protocol: number,
  payload: Uint8Array,
  o: { id?: number; fragment?: number; ttl?: number } = {},
): Buffer {
  const start = [0x45, 0, ...half(20 + payload.length), ...half(o.id ?? 0), ...half(o.fragment ?? 0), o.ttl ?? 64, protocol, 0, 0];
  const header = Buffer.from([...start, ...bytesOf(src), ...bytesOf(dst)]);
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

/** IPv6 without extension headers. */
export function ipv6Packet(
  src: string,
  dst: string,
  nextHeader: number,
  payload: Uint8Array,
  { hopLimit = 64 }: { hopLimit?: number } = {},
): Buffer {
  const start = [0x60, 0, 0, 0, ...half(payload.length), nextHeader, hopLimit];
  return Buffer.concat([Buffer.from([...start, ...bytesOf(src), ...bytesOf(dst)]), payload]);
}

export function udpDatagram(sport: number, dport: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...half(sport), ...half(dport), ...half(8 + payload.length), 0, 0]), payload]);
}

export function tcpSegment(sport: number, dport: number, sequence: number, payload: Uint8Array): Buffer {
  const header = [Buffer.from([...half(sport), ...half(dport)]), word(sequence), word(1), Buffer.from([0x50, 0x18, 2, 0, 0, 0, 0, 0])];
  return Buffer.concat([...header, payload]);
}

/** ICMP echo request (type 8) or reply (type 0). */
export function icmpEcho(type: 8 | 0, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([type, 0, 0, 0, 0, 0, 0, 0]), payload]);
}

/** VXLAN with an Ethernet frame inside. */
export function vxlanPacket(inner: Uint8Array, vni = 0): Buffer {
  return Buffer.concat([Buffer.from([8, 0, 0, 0]), word(vni << 8), inner]);
}

/** Geneve; `options` bytes long is a multiple of four. */
export function genevePacket(protocol: number, options: Uint8Array, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([options.length / 4, 0, ...half(protocol), 0, 0, 1, 0]), options, payload]);
}

/**
 * ESP from the SPI on. `body` is IV, ciphertext and tag, or their length: the IV then is the sequence number, as the kernel's
 * seqiv makes it, and the rest varies as random bytes do.
 */
export function espPacket(spi: number, sequence: number, body: Uint8Array | number = 56): Buffer {
  const bytes = typeof body === 'number' ? noise(body, sequence + 1) : body;
  if (bytes !== body) (bytes as Buffer).writeBigUInt64BE(BigInt(sequence), 0);
  return Buffer.concat([word(spi), word(sequence), bytes]);
}

/** A WireGuard data message; `body` is ciphertext and tag, or their length (a multiple of 16). */
export function wireguardData(counter: number, body: Uint8Array | number = 48, receiver = 0x11223344): Buffer {
  const header = Buffer.alloc(16);
  header[0] = 4;
  header.writeUInt32LE(receiver >>> 0, 4);
  header.writeBigUInt64LE(BigInt(counter), 8);
  return Buffer.concat([header, typeof body === 'number' ? noise(body, counter + 1) : body]);
}

/** A handshake initiation with a valid mac1 for the owner of a public key (base64); its other fields are random bytes. */
export function wireguardInitiation(publicKey: string): Buffer {
  const message = Buffer.alloc(148);
  message[0] = 1;
  message.set(noise(112), 4);
  message[39]! &= 0x7f;
  const key = blake2s(Buffer.concat([Buffer.from('mac1----'), Buffer.from(publicKey, 'base64')]));
  message.set(blake2s(message.subarray(0, 116), { key, dkLen: 16 }), 116);
  return message;
}

/** Pseudo-random bytes, the same for the same seed (xorshift). */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  let x = Math.imul(seed, 0x9e3779b1) | 1;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x >>> 24;
  }
  return bytes;
}
