import type { DissectedFrame } from '../wire/dissected-frame.ts';
import type { TcpSegment } from './connections.ts';

/** The TCP segment of a frame; null for a frame that has none, or that the capture cut. */
export function tcpSegmentOf(frame: DissectedFrame): TcpSegment | null {
  const sequence = frame.tcpSequence;
  if (sequence === null || frame.caplen < frame.len) return null;
  const { src, dst, sport, dport, tcpFlags: flags, payload, number, flow } = frame;
  if (src === null || dst === null || sport === null || dport === null || flags === null) return null;
  return { src, dst, sport, dport, sequence, flags, payload, frame: number, flow };
}
