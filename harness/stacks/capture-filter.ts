import type { CaptureKind, Vantage } from '../model/recording.ts';
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
  readonly base: string;
  byte(offset: number): string;
  word(offset: number): string;
  long(offset: number): string;
}

const OVER_IPV4: Udp = { base: 'ip', byte: (n) => `udp[${n}]`, word: (n) => `udp[${n}:2]`, long: (n) => `udp[${n}:4]` };
const OVER_IPV6: Udp = {
  base: 'ip6[6] = 17',
  byte: (n) => `ip6[${40 + n}]`,
  word: (n) => `ip6[${40 + n}:2]`,
  long: (n) => `ip6[${40 + n}:4]`,
};

const any = (...alternatives: readonly string[]): string => `(${alternatives.join(' or ')})`;
const all = (...conditions: readonly string[]): string => `(${conditions.join(' and ')})`;

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

/** ESP directly in IP, also as any fragment of IPv4, or after an IPv6 fragment header. */
const PLAIN_ESP = any('ip proto 50', 'ip6[6] = 50', all('ip6[6] = 44', 'ip6[40] = 50'));

const PROTECTED = any(PLAIN_ESP, ...[OVER_IPV4, OVER_IPV6].flatMap((udp) => [espInVxlan(udp), espInGeneve(udp), wireguard(udp)]));

/** The beacons that prove a capture: a broadcast to the discard port. */
const BEACON = all('ip dst 255.255.255.255', 'udp dst port 9');

const FILTERS: Readonly<Record<CaptureKind, string>> = {
  full: '',
  // Whatever has not the shape of ciphertext is kept, so an encapsulation nobody thought of is seen. ARP and neighbour discovery are few, and
  // whether they carry nothing else is for the judge to say.
  sentinel: `not ${PROTECTED}`,
  // The beacon is neither, but a capture that cannot show one proves nothing.
  cipher: any(PROTECTED, BEACON),
};

/** Only what leaves by the interface: an uplink also shows what comes in, and that once more after it was decrypted. */
const outgoing = (filter: string): string => all('outbound', filter);

/**
 * The filters of a long watch, which together take every frame once: `kept` is that of the sentinel, `counted` the rest. At the uplink of a node
 * they take only what leaves: what comes in has left another node.
 */
export function watchFilters(vantage: Vantage): { readonly kept: string; readonly counted: string } {
  const both = { kept: FILTERS.sentinel, counted: PROTECTED };
  return vantage === 'wire' ? both : { kept: outgoing(both.kept), counted: outgoing(both.counted) };
}

/** pcap filter expression and snap length of a kind of capture. */
export function captureLimits(kind: CaptureKind): { readonly filter: string; readonly snapLength: number } {
  return { filter: FILTERS[kind], snapLength: kind === 'cipher' ? HEADERS : WHOLE_FRAME };
}
