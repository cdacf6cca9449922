import { u32 } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';

/** SPI and sequence number, and the least that any transform puts behind them (4 bytes of trailer, 4 or more of IV or ICV). */
export const MIN_ESP_BYTES = 16;

/** An ESP packet from its SPI on (RFC 4303), directly in IP or behind UDP 4500. SPI 0 never stands on a wire. */
export function esp(f: Frame): Layer {
  f.enter(Layer.ESP);
  if (!f.need(8)) return Layer.DONE;
  const spi = u32(f.buffer, f.at);
  if (spi === 0 || f.limit - f.at < MIN_ESP_BYTES) return f.finish(f.fragmented && spi !== 0 ? Class.UNKNOWN : Class.MALFORMED);
  f.payloadAt = f.at;
  f.espSpi = spi;
  f.espSequence = u32(f.buffer, f.at + 4);
  return f.finish(Class.ESP);
}
