import ipaddr from 'ipaddr.js';

const ETHERNET_SOURCE = [0x02, 0, 0, 0, 0, 0xfd];
/** An address of no station: bridges flood such a frame, the wire capture sees it, and no node receives it. */
const ETHERNET_DESTINATION = [0x02, 0, 0, 0, 0, 0xfe];

const [ETHERTYPE_IPV4, ETHERTYPE_IPV6] = [0x0800, 0x86dd];
export const PROTOCOL = { ipip: 4, udp: 17 } as const;

const u16 = (value: number): number[] => [(value >> 8) & 0xff, value & 0xff];
const u24 = (value: number): number[] => [(value >> 16) & 0xff, ...u16(value)];

/** An Ethernet frame with an IP packet, with a VLAN tag where an id is given (IEEE 802.1Q). */
export function ethernetBytes(payload: Buffer, vlan?: number): Buffer {
  const tag = vlan === undefined ? [] : [...u16(0x8100), ...u16(vlan)];
  const type = payload.readUInt8() >> 4 === 6 ? ETHERTYPE_IPV6 : ETHERTYPE_IPV4;
  return Buffer.concat([Buffer.from([...ETHERNET_DESTINATION, ...ETHERNET_SOURCE, ...tag, ...u16(type)]), payload]);
}

/** An IPv4 packet (RFC 791). `offset`: of a fragment that is not the first, in units of 8 bytes. */
export function ipv4Bytes(src: string, dst: string, protocol: number, payload: Buffer, offset = 0): Buffer {
  const address = (text: string) => text.split('.').map(Number);
  const header = Buffer.from([
    0x45,
    0,
    ...u16(20 + payload.length),
    0x57,
    0x57,
    ...u16(offset),
    64,
    protocol,
    0,
    0,
    ...address(src),
    ...address(dst),
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at++) sum += at % 2 === 0 ? bytes.readUInt8(at) << 8 : bytes.readUInt8(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** A UDP datagram in IPv6 (RFC 8200), with the checksum that it must have there (section 8.1). */
export function ipv6UdpBytes(src: string, dst: string, datagram: Buffer): Buffer {
  const addresses = [src, dst].flatMap((text) => ipaddr.parse(text).toByteArray());
  const pseudo = Buffer.from([...addresses, 0, 0, ...u16(datagram.length), 0, 0, 0, PROTOCOL.udp]);
  const summed = Buffer.from(datagram);
  // A sum of 0 is sent as its complement, because 0 says that there is none.
  summed.writeUInt16BE(checksum(Buffer.concat([pseudo, datagram])) || 0xffff, 6);
  return Buffer.concat([Buffer.from([0x60, 0, 0, 0, ...u16(datagram.length), PROTOCOL.udp, 64, ...addresses]), summed]);
}

/** A UDP datagram without checksum, which IPv4 allows (RFC 768). */
export function udpBytes(sport: number, dport: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([...u16(sport), ...u16(dport), ...u16(8 + payload.length), 0, 0]), payload]);
}

/** UDP ports of the tunnels, as agents use them. */
export const TUNNEL_PORT = { vxlan: 8472, geneve: 6081 } as const;

/** Network identifier of a packet that is not of a node: 2 is the security identity of addresses outside the cluster (world). */
const WORLD = 2;

/** VXLAN (RFC 7348, §5). */
export function vxlanBytes(inner: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x08, 0, 0, 0, ...u24(WORLD), 0]), inner]);
}

/** Geneve without options (RFC 8926, §3.4). */
export function geneveBytes(inner: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0x65, 0x58, ...u24(WORLD), 0]), inner]);
}

/** Geneve with one option of four bytes of data, so that the content is not at a fixed offset (RFC 8926, §3.5). */
export function geneveWithOption(inner: Buffer): Buffer {
  const option = [0x01, 0x32, 0x21, 0x01, 0xde, 0xad, 0xbe, 0xef];
  return Buffer.concat([Buffer.from([option.length / 4, 0, 0x65, 0x58, 0, 0x10, 0x01, 0, ...option]), inner]);
}
