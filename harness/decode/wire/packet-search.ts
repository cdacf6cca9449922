import { u16, u32 } from './bytes.ts';

/** Which addresses to look for. */
export interface AddressSpace {
  /** An IPv4 address as one unsigned word. */
  hasIpv4(word: number): boolean;
  /** Whether it is a known address of a pod or node, not only one in a range. */
  knowsIpv4(word: number): boolean;
  /** An IPv6 address at `at`, 16 bytes. */
  hasIpv6(bytes: Uint8Array, at: number): boolean;
}

/** An IP header that was found by search. */
export interface FoundPacket {
  /** Index of its first byte. */
  readonly at: number;
  readonly family: 4 | 6;
  /** Bytes of the header, with its options. */
  readonly header: number;
}

const IPV4_LEAST = 20;
const IPV6_HEADER = 40;

/**
 * The first IP header in `bytes[from … to)` with both addresses in the space, at any offset, inside any tunnel, quote or message. An IPv4
 * header counts when its checksum is right, or when both addresses are known and its lengths are possible (with checksum offload a header
 * has no checksum yet). An IPv6 header has no checksum: version, length and both addresses must match.
 */
export function findPacket(bytes: Uint8Array, from: number, to: number, space: AddressSpace): FoundPacket | null {
  for (let at = from; at + IPV4_LEAST <= to; at++) {
    const version = bytes[at]! >> 4;
    if (version === 4 ? isIpv4(bytes, at, to, space) : version === 6 && isIpv6(bytes, at, to, space))
      return version === 4 ? { at, family: 4, header: (bytes[at]! & 15) * 4 } : { at, family: 6, header: IPV6_HEADER };
  }
  return null;
}

function isIpv4(b: Uint8Array, at: number, to: number, space: AddressSpace): boolean {
  const header = (b[at]! & 15) * 4;
  if (header < IPV4_LEAST || at + header > to) return false;
  const [source, destination] = [u32(b, at + 12), u32(b, at + 16)];
  if (!space.hasIpv4(source) || !space.hasIpv4(destination)) return false;
  if (checksum(b, at, header) === 0xffff) return true;
  return u16(b, at + 2) >= header && b[at + 8] !== 0 && space.knowsIpv4(source) && space.knowsIpv4(destination);
}

function isIpv6(b: Uint8Array, at: number, to: number, space: AddressSpace): boolean {
  return at + IPV6_HEADER <= to && b[at + 7] !== 0 && space.hasIpv6(b, at + 8) && space.hasIpv6(b, at + 24);
}

/** Ones' complement sum over a header: 0xffff when its checksum is right (RFC 1071). */
function checksum(b: Uint8Array, at: number, length: number): number {
  let sum = 0;
  for (let i = at; i < at + length; i += 2) sum += u16(b, i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}
