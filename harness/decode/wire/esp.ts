import { u32 } from './bytes.ts';
import type { Frame } from './frame.ts';
import { Class } from './frame-class.ts';
import { Layer } from './layer.ts';
import { looksPlain } from './plain.ts';

/** SPI and sequence number, and the least that any transform adds (4 bytes of trailer, 4 or more of IV or ICV). */
export const MIN_ESP_BYTES = 16;

/** Bytes before the ciphertext of every transform in use: SPI, sequence number, and at least 8 bytes of an initialisation vector. */
export const ESP_CIPHERTEXT = 16;

/** SPI in the form of all outputs: `0x%08x`. */
export function formatSpi(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}

/**
 * An ESP packet from its SPI on (RFC 4303), directly in IP or behind UDP 4500. SPI 0 is never sent. A packet with the protocol number of
 * ESP but without its length (section 2.4 pads to 4 bytes), or with plain content, is an IP packet without protection; so is ESP with the
 * null cipher.
 */
export function esp(f: Frame): Layer {
  f.enter(Layer.ESP);
  if (!f.need(8)) return Layer.DONE;
  const b = f.buffer;
  const spi = u32(b, f.at);
  const length = f.limit - f.at;
  if (spi === 0 || length < MIN_ESP_BYTES) return f.finish(f.fragmented && spi !== 0 ? Class.UNKNOWN : Class.MALFORMED);
  f.payloadAt = f.at;
  if (!isCiphertext(f, length)) {
    f.at = f.payloadAt = f.at + 8;
    return f.finish(Class.CLEAR);
  }
  f.espSpi = spi;
  f.espSequence = u32(b, f.at + 4);
  return f.finish(Class.ESP);
}

/** Whether the bytes after SPI and sequence number may be ciphertext; `length` is that of the whole packet. */
export function isCiphertext(f: Frame, length: number): boolean {
  return (f.fragmented || length % 4 === 0) && !looksPlain(f.buffer, f.at + ESP_CIPHERTEXT, f.end);
}
