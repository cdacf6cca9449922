import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import type { CaptureFacts } from './capture-facts.ts';

/** Sequence numbers that are remembered over all SAs of a capture; later ones are only counted. */
export const MAX_REMEMBERED = 2_000_000;
/** Conflicts that are named. */
const MAX_NAMED = 100;
/** Initialisation vector of the AEADs, bytes after SPI and sequence number. */
const IV = 8;

/** Finds frames of one SA that use a sequence number again with another content. Bounded. */
export class EspConflicts {
  readonly found: CaptureFacts['espConflicts'][number][] = [];
  /** Frames that came after the bound was reached. */
  uncompared = 0;
  readonly #limit: number;
  readonly #seen = new Map<string, Map<number, number>>();
  #remembered = 0;

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit;
  }

  note(frame: DissectedFrame): void {
    const { spi, sequence, src, dst } = frame;
    if (spi === null || sequence === null || src === null || dst === null) return;
    const name = `0x${spi.toString(16).padStart(8, '0')}`;
    const key = `${src} ${dst} ${name}`;
    let sequences = this.#seen.get(key);
    if (sequences === undefined) {
      sequences = new Map();
      this.#seen.set(key, sequences);
    }
    const digest = contentDigest(frame.payload);
    const before = sequences.get(sequence);
    if (before === undefined) {
      if (this.#remembered >= this.#limit) {
        this.uncompared++;
        return;
      }
      this.#remembered++;
      sequences.set(sequence, digest);
    } else if (before !== digest && this.found.length < MAX_NAMED)
      this.found.push({ src, dst, spi: name, seq: sequence, frame: frame.number });
  }
}

/** FNV-1a over length, IV and the first ciphertext: two encryptions of anything differ there. */
function contentDigest(packet: Uint8Array): number {
  let hash = (0x811c9dc5 ^ packet.length) >>> 0;
  const end = Math.min(packet.length, 8 + IV + 16);
  for (let i = 8; i < end; i++) hash = Math.imul(hash ^ (packet[i] ?? 0), 0x01000193) >>> 0;
  return hash;
}
