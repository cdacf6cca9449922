import { examineCapture } from '../ledger/ledger.ts';

/** When an SPI was on the wire in one direction; times are Unix milliseconds of the capture's clock. */
export interface SpiSpan {
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. */
  readonly spi: string;
  readonly frames: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * The SPIs of a capture in the order in which each first appeared, by direction.
 *
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function spiTimeline(source: AsyncIterable<Uint8Array>, file = 'capture'): Promise<readonly SpiSpan[]> {
  const spans = new Map<string, { -readonly [K in keyof SpiSpan]: SpiSpan[K] }>();
  await examineCapture(source, { file }, (frame) => {
    const { spi, src, dst } = frame;
    if (spi === null || src === null || dst === null) return;
    const name = `0x${spi.toString(16).padStart(8, '0')}`;
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    const key = `${src} ${dst} ${name}`;
    const span = spans.get(key);
    if (span === undefined) spans.set(key, { src, dst, spi: name, frames: 1, firstMs: ms, lastMs: ms });
    else {
      span.frames++;
      span.lastMs = ms;
    }
  });
  return [...spans.values()];
}
