import { formatIpv4, formatIpv6 } from '../../decode/wire/address.ts';
import { u16, u32 } from '../../decode/wire/bytes.ts';
import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { ESP_CIPHERTEXT } from '../../decode/wire/esp.ts';
import { protocolName } from '../../decode/wire/layer.ts';
import { type AddressSpace, type FoundPacket, findPacket } from '../../decode/wire/packet-search.ts';
import { plainWindow } from '../../decode/wire/plain.ts';
import type { HiddenContent, PacketEnds } from './clear-accounts.ts';

const TCP = 6;
const UDP = 17;
/** A packet would begin within this many bytes behind a cipher header: the longest initialisation vector and a little more. */
const CIPHER_START = 96;

/** Fewer bytes behind a packet belong to the link layer. */
const TRAILER = 32;
const FCS = 4;

/**
 * A packet between two pods in bytes that no decoder read, anywhere in the frame or in the datagram that it completes; null if there is
 * none.
 */
export function hiddenPacket({ bytes, joined }: DissectedFrame, space: AddressSpace): HiddenContent | null {
  const inFrame = findPacket(bytes, 0, bytes.length, space);
  if (inFrame !== null) return { readBy: 'search', at: inFrame.at, ends: packetEnds(bytes, inFrame) };
  const inWhole = joined === null ? null : findPacket(joined, 0, joined.length, space);
  return joined === null || inWhole === null ? null : { readBy: 'search', at: inWhole.at, ends: packetEnds(joined, inWhole) };
}

/**
 * What is readable behind the header of ESP or WireGuard data: a packet between two pods, or bytes that cannot be ciphertext; null if
 * nothing is.
 */
export function readableContent(frame: DissectedFrame, space: AddressSpace): HiddenContent | null {
  const { bytes, payloadOffset, payloadLength, laterFragment, wireguardType } = frame;
  if (wireguardType !== null && wireguardType !== 4) return null;
  const end = payloadOffset + payloadLength;
  const packet = findPacket(bytes, payloadOffset, Math.min(end, payloadOffset + CIPHER_START), space);
  if (packet !== null) return { readBy: 'content', at: packet.at, ends: packetEnds(bytes, packet) };
  // Both put 16 bytes before the ciphertext: SPI, sequence number and vector; type, receiver index and counter.
  const at = plainWindow(bytes, payloadOffset + (laterFragment ? 0 : ESP_CIPHERTEXT), end);
  return at < 0 ? readableTrailer(bytes, end, space) : { readBy: 'content', at, ends: null };
}

/**
 * What is readable behind the end of the encrypted packet, where the link puts its check sequence and padding, and a tap its time stamp.
 */
function readableTrailer(bytes: Uint8Array, from: number, space: AddressSpace): HiddenContent | null {
  if (bytes.length - from < TRAILER) return null;
  const packet = findPacket(bytes, from, bytes.length, space);
  if (packet !== null) return { readBy: 'content', at: packet.at, ends: packetEnds(bytes, packet) };
  const isPadding = bytes.subarray(from, bytes.length - FCS).every((byte) => byte === 0);
  const at = isPadding ? -1 : plainWindow(bytes, from, bytes.length);
  return at < 0 ? null : { readBy: 'content', at, ends: null };
}

/** The ends of a packet that was found in `b`; without ports if it does not contain them. */
export function packetEnds(b: Uint8Array, { at, family, header }: FoundPacket): PacketEnds {
  const protocol = family === 4 ? b[at + 9]! : b[at + 6]!;
  const later = family === 4 && (u16(b, at + 6) & 0x1fff) !== 0;
  const ported = (protocol === TCP || protocol === UDP) && !later && at + header + 4 <= b.length;
  const address = (offset: number): string =>
    family === 4
      ? formatIpv4(u32(b, at + offset))
      : formatIpv6(
          Uint32Array.from([0, 4, 8, 12], (i) => u32(b, at + offset + i)),
          0,
        );
  return {
    src: address(family === 4 ? 12 : 8),
    dst: address(family === 4 ? 16 : 24),
    protocol: protocolName(protocol),
    sport: ported ? u16(b, at + header) : null,
    dport: ported ? u16(b, at + header + 2) : null,
  };
}
