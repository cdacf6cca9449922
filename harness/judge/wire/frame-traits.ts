import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';

/**
 * Remembers by flow and SPI what a test says of a frame, for tests that look at nothing else: at addresses, protocol, ports, class, layers
 * and SPI. A capture has few flows, and each test compares texts.
 */
export class FrameTraits {
  readonly #test: (frame: DissectedFrame) => number;
  readonly #known = new FlowShortcut();

  /** @param test the traits of a frame, one bit each */
  constructor(test: (frame: DissectedFrame) => number) {
    this.#test = test;
  }

  of(frame: DissectedFrame): number {
    const { flow } = frame;
    if (flow < 0) return this.#test(frame);
    const spi = frame.spi ?? 0;
    const known = this.#known.find(flow, spi);
    if (known >= 0) return known;
    const traits = this.#test(frame);
    this.#known.note(flow, spi, traits);
    return traits;
  }
}
