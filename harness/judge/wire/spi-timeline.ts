import { examineCapture } from '../ledger/ledger.ts';
import { SpiBook, type SpiSpan } from '../window/spi-book.ts';

/**
 * The SPIs of a capture in the order in which each first appeared, by direction.
 *
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function spiTimeline(source: AsyncIterable<Uint8Array>, file = 'capture'): Promise<readonly SpiSpan[]> {
  const book = new SpiBook();
  await examineCapture(source, { file }, (frame) => book.note(frame));
  return book.spans();
}
