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
export function hiddenPacket(frame: DissectedFrame, space: AddressSpace): HiddenContent | null {
  const { start, joined } = frame;
  const inFrame = findPacket(frame.buffer, start, start + frame.caplen, space);
  if (inFrame !== null) return foundIn(frame, 'search', inFrame);
  const inWhole = joined === null ? null : findPacket(joined, 0, joined.length, space);
  return joined === null || inWhole === null ? null : { readBy: 'search', at: inWhole.at, ends: packetEnds(joined, inWhole) };
}

/**
 * What is readable behind the header of ESP or WireGuard data: a packet between two pods, or bytes that cannot be ciphertext; null if
 * nothing is.
 */
export function readableContent(frame: DissectedFrame, space: AddressSpace): HiddenContent | null {
  const { buffer, start, wireguardType } = frame;
  if (wireguardType !== null && wireguardType !== 4) return null;
  const from = start + frame.payloadOffset;
  const end = from + frame.payloadLength;
  const packet = findPacket(buffer, from, Math.min(end, from + CIPHER_START), space);
  if (packet !== null) return foundIn(frame, 'content', packet);
  // Both put 16 bytes before the ciphertext: SPI, sequence number and vector; type, receiver index and counter.
  const at = plainWindow(buffer, from + (frame.laterFragment ? 0 : ESP_CIPHERTEXT), end);
  return at < 0 ? readableTrailer(frame, end, space) : { readBy: 'content', at: at - start, ends: null };
}

/** A packet that was found in the buffer of a frame. */
function foundIn({ bytes, start }: DissectedFrame, readBy: HiddenContent['readBy'], packet: FoundPacket): HiddenContent {
  const at = packet.at - start;
  return { readBy, at, ends: packetEnds(bytes, { ...packet, at }) };
}

/**
 * What is readable behind the end of the encrypted packet, where the link puts its check sequence and padding, and a tap its time stamp.
 */
function readableTrailer(frame: DissectedFrame, from: number, space: AddressSpace): HiddenContent | null {
  const { buffer, start } = frame;
  const end = start + frame.caplen;
  if (end - from < TRAILER) return null;
  const packet = findPacket(buffer, from, end, space);
  if (packet !== null) return foundIn(frame, 'content', packet);
  const isPadding = buffer.subarray(from, end - FCS).every((byte) => byte === 0);
  const at = isPadding ? -1 : plainWindow(buffer, from, end);
  return at < 0 ? null : { readBy: 'content', at: at - start, ends: null };
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
