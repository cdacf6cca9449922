import ipaddr from 'ipaddr.js';
import { u16, u32 } from '../../decode/wire/bytes.ts';
import type { AddressSpace } from '../../decode/wire/packet-search.ts';
import type { ClusterDescription } from '../../model/cluster.ts';

interface Ipv4Range {
  readonly base: number;
  readonly mask: number;
}

/** The addresses of a cluster's pods: their own and the pod CIDRs, without those of nodes and routers. */
export function podSpace({ nodes, pods }: Pick<ClusterDescription, 'nodes' | 'pods'>): AddressSpace {
  const others = new Set(
    nodes
      .flatMap((n) => [...n.addresses, ...n.internalAddresses])
      .flatMap(bytesOf)
      .map(key),
  );
  const known = pods
    .flatMap((p) => p.addresses)
    .flatMap(bytesOf)
    .filter((b) => !others.has(key(b)));
  const ranges = [
    ...known.map((base) => ({ base, bits: base.length * 8 })),
    ...nodes.flatMap((n) => n.podCidrs).flatMap((cidr) => (ipaddr.isValidCIDR(cidr) ? [rangeOf(cidr)] : [])),
  ];
  const ipv4 = ranges.filter(({ base }) => base.length === 4).map(ipv4Range);
  const ipv6 = ranges.filter(({ base }) => base.length === 16);
  const knownIpv4 = new Set(known.filter((b) => b.length === 4).map((b) => u32(b, 0)));
  const otherIpv4 = new Set([...others].filter((k) => k.length === 8).map((k) => Number.parseInt(k, 16)));
  const begins4 = beginnings(ranges.filter(({ base }) => base.length === 4));
  const begins6 = beginnings(ipv6);
  return {
    hasIpv4: (word) => begins4[word >>> 16] === 1 && ipv4.some(({ base, mask }) => ((word ^ base) & mask) === 0) && !otherIpv4.has(word),
    knowsIpv4: (word) => knownIpv4.has(word),
    hasIpv6: (bytes, at) =>
      begins6[u16(bytes, at)] === 1 && ipv6.some((range) => starts(bytes, at, range)) && !others.has(key(bytes.subarray(at, at + 16))),
  };
}

/** 1 for each 16 bits with which an address of a range may begin: other bytes, which are nearly all, need no comparison. */
function beginnings(ranges: readonly { readonly base: Uint8Array; readonly bits: number }[]): Uint8Array {
  const table = new Uint8Array(65536);
  for (const { base, bits } of ranges) {
    const size = 2 ** Math.max(0, 16 - bits);
    const first = Math.floor(u16(base, 0) / size) * size;
    table.fill(1, first, first + size);
  }
  return table;
}

function bytesOf(address: string): Uint8Array[] {
  return ipaddr.isValid(address) ? [Uint8Array.from(ipaddr.parse(address).toByteArray())] : [];
}

function key(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function rangeOf(cidr: string): { base: Uint8Array; bits: number } {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return { base: Uint8Array.from(address.toByteArray()), bits };
}

function ipv4Range({ base, bits }: { base: Uint8Array; bits: number }): Ipv4Range {
  return { base: u32(base, 0), mask: bits === 0 ? 0 : -1 << (32 - bits) };
}

function starts(bytes: Uint8Array, at: number, { base, bits }: { base: Uint8Array; bits: number }): boolean {
  const whole = bits >> 3;
  for (let i = 0; i < whole; i++) if (bytes[at + i] !== base[i]) return false;
  const rest = bits & 7;
  return rest === 0 || ((bytes[at + whole]! ^ base[whole]!) & (0xff00 >> rest) & 0xff) === 0;
}
