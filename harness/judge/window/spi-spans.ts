import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';

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
  readonly #spans: { -readonly [K in keyof SpiSpan]: SpiSpan[K] }[] = [];
  readonly #places = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();

  note(frame: DissectedFrame): void {
    const { spi, flow } = frame;
    if (spi === null) return;
    const ms = frame.seconds * 1000 + Math.floor(frame.nanoseconds / 1e6);
    let place = flow < 0 ? -1 : this.#shortcut.find(flow, spi);
    if (place < 0) {
      const { src, dst } = frame;
      if (src === null || dst === null) return;
      const key = `${src} ${dst} ${spi}`;
      place = this.#places.get(key) ?? this.#spans.length;
      if (place === this.#spans.length) this.#spans.push({ src, dst, spi: formatSpi(spi), frames: 0, firstMs: ms, lastMs: ms });
      this.#places.set(key, place);
      if (flow >= 0) this.#shortcut.note(flow, spi, place);
    }
    const span = this.#spans[place]!;
    span.frames++;
    if (ms > span.lastMs) span.lastMs = ms;
  }

  /** In the order in which each first appeared. */
  spans(): readonly SpiSpan[] {
    return this.#spans;
  }
}
