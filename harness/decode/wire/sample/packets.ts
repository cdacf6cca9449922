/**
 * Builds packets, for tests and the bench. Outer headers are wrapped around inner bytes; checksums are left at zero.
 * @module
 */

/** Four or sixteen bytes of an address written as numbers. */
export type AddressBytes = readonly number[];

export const NODE_1: AddressBytes = [172, 18, 0, 1];
export const NODE_2: AddressBytes = [172, 18, 0, 2];
export const POD_1: AddressBytes = [10, 244, 1, 10];
export const POD_2: AddressBytes = [10, 244, 2, 20];

function word(value: number): Buffer {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(value >>> 0);
  return b;
}

function half(value: number): number[] {
  return [(value >> 8) & 255, value & 255];
}

/** Ethernet II. */
export function ethernetFrame(etherType: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ...half(etherType)]), payload]);
}

/** IPv4 without options. `fragment` is the raw flags-and-offset field. */
export function ipv4Packet(
  protocol: number,
  payload: Uint8Array,
  o: { src?: AddressBytes; dst?: AddressBytes; id?: number; fragment?: number; ttl?: number } = {},
): Buffer {
  const header = [0x45, 0, ...half(20 + payload.length), ...half(o.id ?? 0), ...half(o.fragment ?? 0), o.ttl ?? 64, protocol, 0, 0];
  return Buffer.concat([Buffer.from([...header, ...(o.src ?? NODE_1), ...(o.dst ?? NODE_2)]), payload]);
}

/** IPv6 without extension headers; addresses fd00::`src` and fd00::`dst`. */
export function ipv6Packet(nextHeader: number, payload: Uint8Array, o: { src?: number; dst?: number; hopLimit?: number } = {}): Buffer {
  const address = (last: number): number[] => [0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...half(last)];
  const header = [0x60, 0, 0, 0, ...half(payload.length), nextHeader, o.hopLimit ?? 64];
  return Buffer.concat([Buffer.from([...header, ...address(o.src ?? 1), ...address(o.dst ?? 2)]), payload]);
}

export function udpDatagram(sport: number, dport: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([...half(sport), ...half(dport), ...half(8 + payload.length), 0, 0]), payload]);
}

export function tcpSegment(sport: number, dport: number, sequence: number, payload: Uint8Array): Buffer {
  const header = [Buffer.from([...half(sport), ...half(dport)]), word(sequence), word(1), Buffer.from([0x50, 0x18, 2, 0, 0, 0, 0, 0])];
  return Buffer.concat([...header, payload]);
}

/** VXLAN with an Ethernet frame inside. */
export function vxlanPacket(vni: number, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([8, 0, 0, 0]), word(vni << 8), payload]);
}

/** Geneve; `options` bytes long is a multiple of four. */
export function genevePacket(protocol: number, options: Uint8Array, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([options.length / 4, 0, ...half(protocol), 0, 0, 1, 0]), options, payload]);
}

/** ESP from the SPI on; `body` stands for IV, ciphertext and tag. */
export function espPacket(spi: number, sequence: number, body: Uint8Array): Buffer {
  return Buffer.concat([word(spi), word(sequence), body]);
}

/** A WireGuard data message; `body` is a multiple of 16 long. */
export function wireguardData(receiver: number, counter: number, body: Uint8Array): Buffer {
  const header = Buffer.alloc(16);
  header[0] = 4;
  header.writeUInt32LE(receiver >>> 0, 4);
  header.writeUInt32LE(counter >>> 0, 8);
  return Buffer.concat([header, body]);
}

/** Bytes without pattern, the same ones for the same seed (xorshift). */
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
