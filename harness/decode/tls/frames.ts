import type { DissectedFrame } from '../wire/dissected-frame.ts';
import type { TcpSegment } from './connections.ts';

/** The TCP segment of a frame; null for a frame that has none, or that the capture cut. */
export function tcpSegmentOf(frame: DissectedFrame): TcpSegment | null {
  const { src, dst, sport, dport, tcpSequence: sequence, tcpFlags: flags, payload, number } = frame;
  if (src === null || dst === null || sport === null || dport === null || sequence === null || flags === null) return null;
  if (frame.caplen < frame.len) return null;
  return { src, dst, sport, dport, sequence, flags, payload, frame: number };
}
