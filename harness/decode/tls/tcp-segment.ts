import type { DissectedFrame } from '../wire/dissected-frame.ts';

/** One TCP segment of a capture. */
export interface TcpSegment {
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  /** Of the payload's first byte. */
  readonly sequence: number;
  /** Flags of the header (RFC 9293, section 3.1). */
  readonly flags: number;
  readonly payload: Uint8Array;
  /** Position of its frame in the capture, from 1. */
  readonly frame: number;
  /** Number of its flow; segments with one number have the same ends. -1 where it has none. */
  readonly flow: number;
}

/** Flags of a segment (RFC 9293, section 3.1): the first of a connection, and one that acknowledges. */
export const SYN = 2;
export const ACK = 16;

/** The TCP segment of a frame; null for a frame that has none, or that the capture cut. */
export function tcpSegmentOf(frame: DissectedFrame): TcpSegment | null {
  const sequence = frame.tcpSequence;
  if (sequence === null || frame.caplen < frame.len) return null;
  const { src, dst, sport, dport, tcpFlags: flags, payload, number, flow } = frame;
  if (src === null || dst === null || sport === null || dport === null || flags === null) return null;
  return { src, dst, sport, dport, sequence, flags, payload, frame: number, flow };
}
