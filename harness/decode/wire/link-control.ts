import { u16, u16le, u32 } from './bytes.ts';

/** Bytes of a frame check sequence that the capture kept. */
const FCS = 4;
/** Most padding to reach Ethernet's minimum length, 64 bytes with the check sequence. */
const MOST_PADDING = 46 + FCS;
/** A little more than the longest message of VTP's summary and of CGMP. */
const SHORT = 100;

/** End of the protocol's own bytes of `b[at … end)`, or -1 when the bytes are not of the protocol. */
type Reader = (b: Uint8Array, at: number, end: number) => number;

/**
 * Whether `b[at … end)`, the payload of an Ethernet frame, is what its EtherType says: structure and lengths are right, and only padding
 * follows. The EtherType alone is not sufficient.
 */
export function isLinkControl(etherType: number, b: Uint8Array, at: number, end: number): boolean {
  const stop = READERS.get(etherType)?.(b, at, end) ?? -1;
  return stop >= 0 && isPadding(b, stop, end);
}

/** Zeros, then optionally a check sequence of four bytes. */
function isPadding(b: Uint8Array, at: number, end: number): boolean {
  if (end - at > MOST_PADDING) return false;
  for (let i = at; i < end - FCS; i++) if (b[i] !== 0) return false;
  return true;
}

/** LLDP (IEEE 802.1AB §8): chassis, port, time to live, then others to the end. */
const lldp: Reader = (b, at, end) => {
  for (let i = at, place = 1; i + 2 <= end; place++) {
    const type = b[i]! >> 1;
    const length = u16(b, i) & 0x1ff;
    i += 2 + length;
    if (place <= 3 ? type !== place : type > 8 && type !== 127) return -1;
    if (i > end || (place === 3 && length < 2)) return -1;
    if (type === 0 && place > 3) return length === 0 ? i : -1;
    if (i === end) return place >= 3 ? i : -1;
  }
  return -1;
};

/** LACP and marker (IEEE 802.1AX §6.4, 6.5): two or one information field of fixed length; OAM (IEEE 802.3 §57) by its code. */
const slow: Reader = (b, at, end) => {
  const [subtype, version, type, length] = [b[at], b[at + 1], b[at + 2], b[at + 3]];
  if (subtype === 1) return end - at >= 110 && version === 1 && type === 1 && length === 20 && u16(b, at + 22) === 0x0214 ? at + 110 : -1;
  if (subtype === 2) return end - at >= 110 && version === 1 && (type === 1 || type === 2) && length === 16 ? at + 110 : -1;
  return -1;
};

/** EAPOL (IEEE 802.1X §11.3). */
const eapol: Reader = (b, at, end) => {
  if (end - at < 4 || b[at]! < 1 || b[at]! > 3 || b[at + 1]! > 8) return -1;
  const stop = at + 4 + u16(b, at + 2);
  return stop <= end ? stop : -1;
};

/** Pause (IEEE 802.3 annex 31B) and priority-based flow control (annex 31D). */
const macControl: Reader = (b, at, end) => {
  if (end - at < 4) return -1;
  const opcode = u16(b, at);
  if (opcode === 1) return at + 4;
  return opcode === 0x0101 && end - at >= 20 && b[at + 2] === 0 ? at + 20 : -1;
};

/** CFM (IEEE 802.1Q §21.4): continuity check, loopback, link trace; fields from the first offset to the end field. */
const cfm: Reader = (b, at, end) => {
  if (end - at < 5 || (b[at]! & 0x1f) > 1 || b[at + 1]! < 1 || b[at + 1]! > 5) return -1;
  for (let i = at + 4 + b[at + 3]!; i < end; ) {
    const type = b[i]!;
    if (type === 0) return i + 1;
    if (i + 3 > end || (type > 8 && type !== 31)) return -1;
    i += 3 + u16(b, i + 1);
  }
  return -1;
};

/** PTP (IEEE 1588 §13.3): message type, version 1 or 2, own length. */
const ptp: Reader = (b, at, end) => {
  if (end - at < 34) return -1;
  const type = b[at]! & 15;
  const version = b[at + 1]! & 15;
  const stop = at + u16(b, at + 2);
  return (type <= 3 || (type >= 8 && type <= 13)) && version === 2 && stop - at >= 34 && stop <= end ? stop : -1;
};

/** Loopback test (Ethernet 2.0 §8): skip count, then reply or forward; in a switch's keepalive zeros follow. */
const loopback: Reader = (b, at, end) => {
  if (end - at < 6 || u16le(b, at) > end - at - 4) return -1;
  const code = u16le(b, at + 2 + u16le(b, at));
  return code === 1 || code === 2 ? at + 6 + u16le(b, at) : -1;
};

/** RARP (RFC 903) for Ethernet and IPv4. */
const rarp: Reader = (b, at, end) => {
  if (end - at < 28 || u32(b, at) !== 0x0001_0800 || u16(b, at + 4) !== 0x0604) return -1;
  return u16(b, at + 6) === 3 || u16(b, at + 6) === 4 ? at + 28 : -1;
};

/** Spanning tree (IEEE 802.1D §9.3, 802.1Q §14): configuration, topology change, rapid and multiple. */
const bpdu: Reader = (b, at, end) => {
  if (end - at < 4 || u16(b, at) !== 0) return -1;
  const [version, type] = [b[at + 2]!, b[at + 3]!];
  if (type === 0x80 && version === 0) return at + 4;
  if (type === 0 && version === 0) return end - at >= 35 ? at + 35 : -1;
  if (type !== 2 || version < 2 || version > 4 || end - at < 36) return -1;
  let stop = at + 36;
  for (let part = 3; part <= version; part++) {
    if (stop + 2 > end) return -1;
    stop += 2 + u16(b, stop);
  }
  return stop <= end ? stop : -1;
};

/** Per-VLAN spanning tree: spanning tree followed by the VLAN. */
const pvst: Reader = (b, at, end) => {
  const stop = bpdu(b, at, end);
  const vlan = stop + (stop % 2 === at % 2 ? 0 : 1);
  return stop < 0 || vlan + 6 > end || u32(b, vlan) !== 2 ? stop : vlan + 6;
};

/** Fields of type and length after a header, to the end or to padding. */
const fields =
  (header: number): Reader =>
  (b, at, end) => {
    let i = at + header;
    while (i + 4 <= end && u32(b, i) !== 0) {
      const length = u16(b, i + 2);
      if (u16(b, i) > 0x2000 || length < 4 || i + length > end) return -1;
      i += length;
    }
    return i <= end ? i : -1;
  };

/** Names of a domain and counts in fields of fixed length. */
const short: Reader = (_, at, end) => (end - at <= SHORT ? end : -1);

/** Protocols under Cisco's organisation code: CDP, DTP, UDLD, PVST+, VTP, CGMP. */
const CISCO: ReadonlyMap<number, Reader> = new Map([
  [0x2000, fields(4)],
  [0x2004, fields(1)],
  [0x0111, fields(4)],
  [0x010b, pvst],
  [0x2003, short],
  [0x2001, short],
]);

/** Whether `b[at … end)`, after the 802.2 header, is only spanning tree and padding. */
export function isSpanningTree(b: Uint8Array, at: number, end: number): boolean {
  const stop = bpdu(b, at, end);
  return stop >= 0 && isPadding(b, stop, end);
}

/** The same for a protocol of Cisco, by its number. */
export function isCiscoControl(protocol: number, b: Uint8Array, at: number, end: number): boolean {
  const stop = CISCO.get(protocol)?.(b, at, end) ?? -1;
  return stop >= 0 && isPadding(b, stop, end);
}

const READERS: ReadonlyMap<number, Reader> = new Map([
  [0x8035, rarp],
  [0x88cc, lldp],
  [0x8809, slow],
  [0x888e, eapol],
  [0x8808, macControl],
  [0x8902, cfm],
  [0x88f7, ptp],
  [0x9000, loopback],
]);

/** EtherTypes that carry link control. */
export const LINK_CONTROL_TYPES: ReadonlySet<number> = new Set(READERS.keys());
