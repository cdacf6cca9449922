import { examineCapture } from '../ledger/ledger.ts';
import { type SpiSpan, SpiSpans } from '../window/spi-spans.ts';

/**
 * The SPIs of a capture in the order in which each first appeared, by direction.
 *
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function spiTimeline(source: AsyncIterable<Uint8Array>, file = 'capture'): Promise<readonly SpiSpan[]> {
  const spans = new SpiSpans();
  await examineCapture(source, { file }, (frame) => spans.note(frame));
  return spans.spans();
}
