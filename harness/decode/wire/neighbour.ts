import { u16 } from './bytes.ts';

/** Bytes before the options of each message of neighbour discovery (RFC 4861 §4), and its allowed options. */
const DISCOVERY: ReadonlyMap<number, readonly [fixed: number, options: ReadonlySet<number>]> = new Map([
  [133, [8, new Set([1, 14])]],
  [134, [16, new Set([1, 3, 5, 7, 14, 24, 25, 26, 31, 37, 38])]],
  [135, [24, new Set([1, 14])]],
  [136, [24, new Set([2, 14])]],
  [137, [40, new Set([2, 4])]],
]);
/** Link-layer addresses of Ethernet, MTU and nonce: one unit of 8 bytes each. */
const ONE_UNIT = new Set([1, 2, 5, 14]);

/** Is `b[at … end)` only a message of neighbour discovery: fixed part and valid options? */
export function isNeighbourDiscovery(b: Uint8Array, at: number, end: number): boolean {
  const known = DISCOVERY.get(b[at]!);
  if (known === undefined || b[at + 1] !== 0) return false;
  const [fixed, options] = known;
  let i = at + fixed;
  while (i + 2 <= end) {
    const [type, units] = [b[i]!, b[i + 1]!];
    if (units === 0 || !options.has(type) || (ONE_UNIT.has(type) && units !== 1)) return false;
    i += units * 8;
  }
  return i === end;
}

/** Is `b[at … end)` only multicast listener discovery (RFC 2710 §3, RFC 3810 §5)? */
export function isListenerDiscovery(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 8) return false;
  if (b[at] === 143) return recordsEnd(b, at + 8, end, u16(b, at + 6), 16) === end;
  if (length === 24) return b[at]! >= 130 && b[at]! <= 132;
  return b[at] === 130 && length >= 28 && length === 28 + 16 * u16(b, at + 26);
}

/** Is `b[at … end)` only IGMP (RFC 1112, 2236 §2, 3376 §4)? */
export function isIgmp(b: Uint8Array, at: number, end: number): boolean {
  const length = end - at;
  if (length < 8) return false;
  const type = b[at]!;
  if (type === 0x22) return recordsEnd(b, at + 8, end, u16(b, at + 6), 4) === end;
  if (length === 8) return type === 0x11 || type === 0x12 || type === 0x16 || type === 0x17;
  return type === 0x11 && length >= 12 && length === 12 + 4 * u16(b, at + 10);
}

/** End of the group records of a version 3 (IGMP) or 2 (MLD) report; -1 when they exceed it. */
function recordsEnd(b: Uint8Array, at: number, end: number, records: number, addressBytes: number): number {
  let i = at;
  for (let n = 0; n < records; n++) {
    if (i + 4 + addressBytes > end || b[i]! < 1 || b[i]! > 6) return -1;
    i += 4 + addressBytes + u16(b, i + 2) * addressBytes + b[i + 1]! * 4;
  }
  return i;
}
