import { CaptureParser } from '../../decode/wire/capture.ts';
import { Dissector } from '../../decode/wire/dissect.ts';
import { formatSpi } from '../../decode/wire/esp.ts';

/** Frames that are decrypted of one SA. */
export const SAMPLED_FRAMES = 8;
/** Most SAs of a capture that are sampled; more can only come from forged frames. */
const MAX_ASSOCIATIONS = 4096;

/** ESP packets of one SA as in a capture, from the SPI to the last byte of the tag. */
export interface SampledAssociation {
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. */
  readonly spi: string;
  readonly packets: readonly Uint8Array[];
}

/**
 * Take some whole, unfragmented ESP packets of every SA: the first half of them in order, then later ones at growing distances, so that
 * both the start and the rest of the capture are tested. The content has no influence on the choice.
 *
 * @throws CaptureFormatError when the bytes are no capture
 */
export async function sampleAssociations(source: AsyncIterable<Uint8Array>, file: string): Promise<readonly SampledAssociation[]> {
  const found = new Map<string, { src: string; dst: string; spi: string; packets: Uint8Array[]; seen: number; next: number }>();
  const dissector = new Dissector();
  const parser = new CaptureParser(file, (raw) => {
    if (raw.caplen < raw.len) return;
    const frame = dissector.dissect(raw);
    const { spi, src, dst, payloadLength } = frame;
    // A first fragment has neither the whole ciphertext nor the tag.
    if (spi === null || src === null || dst === null || frame.fragmented || payloadLength === 0 || frame.class !== 'esp') return;
    const name = formatSpi(spi);
    const key = `${src} ${dst} ${name}`;
    let entry = found.get(key);
    if (entry === undefined) {
      if (found.size >= MAX_ASSOCIATIONS) return;
      entry = { src, dst, spi: name, packets: [], seen: 0, next: 1 };
      found.set(key, entry);
    }
    entry.seen++;
    if (entry.packets.length < SAMPLED_FRAMES / 2) entry.packets.push(frame.payload.slice());
    else if (entry.seen >= entry.next && entry.packets.length < SAMPLED_FRAMES) entry.packets.push(frame.payload.slice());
    else return;
    entry.next = entry.seen * 2;
  });
  for await (const chunk of source) parser.push(chunk);
  parser.end();
  return [...found.values()].map(({ src, dst, spi, packets }) => ({ src, dst, spi, packets }));
}
