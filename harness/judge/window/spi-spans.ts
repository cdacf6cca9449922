import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';

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

/** Sums ESP by direction and SPI, with the times of the first and the last frame. */
export class SpiSpans {
  readonly #spans = new Map<string, { -readonly [K in keyof SpiSpan]: SpiSpan[K] }>();

  note(frame: DissectedFrame): void {
    const { spi, src, dst } = frame;
    if (spi === null || src === null || dst === null) return;
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    const key = `${src} ${dst} ${spi}`;
    const span = this.#spans.get(key);
    if (span === undefined) {
      const name = formatSpi(spi);
      this.#spans.set(key, { src, dst, spi: name, frames: 1, firstMs: ms, lastMs: ms });
      return;
    }
    span.frames++;
    if (ms > span.lastMs) span.lastMs = ms;
  }

  /** In the order in which each first appeared. */
  spans(): readonly SpiSpan[] {
    return [...this.#spans.values()];
  }
}
