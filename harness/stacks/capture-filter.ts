import type { CaptureKind, CaptureRecord, Vantage } from '../model/recording.ts';
import { TUNNEL_PORT } from './frame-bytes.ts';

/** Larger than any frame: the frame is kept whole. */
const WHOLE_FRAME = 262_144;
/** Enough for ESP's SPI and sequence number inside VXLAN over IPv6 (136 bytes), and for a whole WireGuard handshake over IPv6 (210 bytes). */
const HEADERS = 256;

const VXLAN_PORTS = [TUNNEL_PORT.vxlan, 4789];
const WIREGUARD_PORT = 51871;

/**
 * Offsets of pcap expressions: `udp[n]` counts from the UDP header of an unfragmented IPv4 packet, `ip6[n]` from the IPv6 header, with
 * the UDP header at 40. A tunnel header without options takes 8 bytes, the inner Ethernet header 14: inner EtherType at udp[28], inner IP at udp[30].
 */
interface Udp {
  /** What must be known before a byte is read. */
  readonly base: string;
  byte(offset: number): string;
  word(offset: number): string;
  long(offset: number): string;
}

const any = (...alternatives: readonly string[]): string => `(${alternatives.join(' or ')})`;
const all = (...conditions: readonly string[]): string => `(${conditions.join(' and ')})`;

const overIpv4 = (base: string): Udp => ({
  base,
  byte: (n) => `udp[${n}]`,
  word: (n) => `udp[${n}:2]`,
  long: (n) => `udp[${n}:4]`,
});
const overIpv6 = (base: string): Udp => ({
  base,
  byte: (n) => `ip6[${40 + n}]`,
  word: (n) => `ip6[${40 + n}:2]`,
  long: (n) => `ip6[${40 + n}:4]`,
});

/** The inner packet of a tunnel is ESP, over IPv4 or IPv6. */
const innerEsp = (udp: Udp): string =>
  any(all(`${udp.word(28)} = 0x0800`, `${udp.byte(39)} = 50`), all(`${udp.word(28)} = 0x86dd`, `${udp.byte(36)} = 50`));

/** RFC 7348: only the I flag may be set. */
const espInVxlan = (udp: Udp): string =>
  all(udp.base, any(...VXLAN_PORTS.map((port) => `${udp.word(2)} = ${port}`)), `${udp.byte(8)} = 8`, innerEsp(udp));

/** RFC 8926: version 0 without options, protocol Ethernet. With options it is not recognised, so it stays in the sentinel. */
const espInGeneve = (udp: Udp): string =>
  all(udp.base, `${udp.word(2)} = ${TUNNEL_PORT.geneve}`, `${udp.byte(8)} = 0`, `${udp.word(10)} = 0x6558`, innerEsp(udp));

/** Message type with its three reserved zeros, and its length: 148, 92, 64, or 32 and more (padded to 16 unless that exceeds the MTU). */
const wireguard = (udp: Udp): string => {
  const message = (type: number, length: string): string => all(`${udp.long(8)} = 0x0${type}000000`, length);
  const exactly = (bytes: number): string => `${udp.word(4)} = ${8 + bytes}`;
  return all(
    udp.base,
    any(`${udp.word(0)} = ${WIREGUARD_PORT}`, `${udp.word(2)} = ${WIREGUARD_PORT}`),
    any(message(1, exactly(148)), message(2, exactly(92)), message(3, exactly(64)), message(4, `${udp.word(4)} >= 40`)),
  );
};

const inUdp = (...families: readonly Udp[]): string[] => families.flatMap((udp) => [espInVxlan(udp), espInGeneve(udp), wireguard(udp)]);

/** Bytes of UDP, header included, that {@link inUdp} reads: no ciphertext it recognises is shorter. */
const READ_OF_UDP = 40;
const [ETHERNET, IPV6] = [14, 40];
/** The frame has this many bytes. `len` is the whole frame's length, also where a snap length cuts it. */
const atLeast = (bytes: number | string): string => `len >= ${bytes}`;

/**
 * Frames with the shape of ciphertext. A filter that reads behind the end of a frame does not match, and neither does its opposite, so each
 * reading comes after a test of the length: then every frame matches either this or its opposite. ESP directly in IP counts also as any
 * fragment of IPv4, or after an IPv6 fragment header.
 */
const PROTECTED = all(
  atLeast(ETHERNET),
  any(
    all('ip', atLeast(ETHERNET + 10), 'ip proto 50'),
    all('ip6', atLeast(ETHERNET + 7), 'ip6[6] = 50'),
    all('ip6', atLeast(ETHERNET + IPV6 + 1), 'ip6[6] = 44', 'ip6[40] = 50'),
    ...inUdp(
      // The length of the IPv4 header is in the frame, so the header itself must be there first.
      overIpv4(all('ip', atLeast(ETHERNET + 20), atLeast(`${ETHERNET + READ_OF_UDP} + ((ip[0] & 0xf) << 2)`))),
      overIpv6(all('ip6', atLeast(ETHERNET + IPV6 + READ_OF_UDP), 'ip6[6] = 17')),
    ),
  ),
);

/**
 * The same without tests of the length, as recordings before them have it: datagrams of fewer than 32 bytes to a tunnel's port, and of
 * fewer than 4 to WireGuard's, are in neither of their captures.
 */
const FORMER_PROTECTED = any(
  any('ip proto 50', 'ip6[6] = 50', all('ip6[6] = 44', 'ip6[40] = 50')),
  ...inUdp(overIpv4('ip'), overIpv6('ip6[6] = 17')),
);

/** The beacons that prove a capture: a broadcast to the discard port. */
const BEACON = all('ip dst 255.255.255.255', 'udp dst port 9');

const filtersOf = (ciphertext: string): Readonly<Record<CaptureKind, string>> => ({
  full: '',
  // Whatever has not the shape of ciphertext is kept, so an encapsulation nobody thought of is seen. ARP and neighbour discovery are few, and
  // whether they carry nothing else is for the judge to say.
  sentinel: `not ${ciphertext}`,
  // The beacon is neither, but a capture that cannot show one proves nothing.
  cipher: any(ciphertext, BEACON),
});

const [FILTERS, FORMER_FILTERS] = [filtersOf(PROTECTED), filtersOf(FORMER_PROTECTED)];

const OUTBOUND = 'outbound';

/** Only what leaves by the interface: an uplink also shows what comes in, and that once more after it was decrypted. */
const outgoing = (filter: string): string => all(OUTBOUND, filter);

/** Whether a filter asks for the direction of a frame, which only the kernel knows and no file has. */
export function readsDirection(filter: string): boolean {
  return filter.includes(OUTBOUND);
}

/** The two filters of a long watch. */
export interface WatchFilters {
  /** That of the sentinel. */
  readonly kept: string;
  readonly counted: string;
}

/**
 * The filters of a long watch, which together take every frame once: `kept` is that of the sentinel, `counted` the rest. At the uplink of a node
 * they take only what leaves: what comes in has left another node.
 */
export function watchFilters(vantage: Vantage): WatchFilters {
  return watchFiltersOf(PROTECTED, vantage);
}

/** Those of recordings made before the filters tested lengths: they left short datagrams out of both. */
export function formerWatchFilters(vantage: Vantage): WatchFilters {
  return watchFiltersOf(FORMER_PROTECTED, vantage);
}

function watchFiltersOf(ciphertext: string, vantage: Vantage): WatchFilters {
  const both = { kept: `not ${ciphertext}`, counted: ciphertext };
  return vantage === 'wire' ? both : { kept: outgoing(both.kept), counted: outgoing(both.counted) };
}

/** pcap filter expression and snap length of a kind of capture. */
export function captureLimits(kind: CaptureKind): { readonly filter: string; readonly snapLength: number } {
  return { filter: FILTERS[kind], snapLength: kind === 'cipher' ? HEADERS : WHOLE_FRAME };
}

/** Whether a capture was made with a filter that leaves out the short datagrams that the other filter leaves out too. */
export function hasFormerFilter({ kind, filter, part, vantage }: Pick<CaptureRecord, 'kind' | 'filter' | 'part' | 'vantage'>): boolean {
  if (kind === 'full') return false;
  return filter === (kind === 'sentinel' && part !== undefined ? formerWatchFilters(vantage).kept : FORMER_FILTERS[kind]);
}
