import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { IvHistory } from './iv-history.ts';

/** Sequence numbers that are remembered over all SAs of a capture; later ones are only counted. */
export const MAX_REMEMBERED = 2_000_000;
/** Conflicts that are named. */
const MAX_NAMED = 100;
/** Initialisation vector of the AEADs, bytes after SPI and sequence number. */
const IV = 8;

/** What is remembered of one SA. */
interface Association {
  readonly name: string;
  /** Digest of the content by sequence number. */
  readonly contents: Map<number, number>;
  readonly ivs: IvHistory;
}

/**
 * Finds frames of one SA that use a nonce again: a sequence number with another content, or an initialisation vector with another sequence
 * number. Bounded.
 */
export class EspConflicts {
  readonly found: CaptureFacts['espConflicts'][number][] = [];
  /** Frames whose initialisation vector was used before with another sequence number. */
  readonly repeatedIvs: CaptureFacts['espRepeatedIvs'][number][] = [];
  /** Frames that came after the bound was reached. */
  uncompared = 0;
  readonly #limit: number;
  readonly #seen = new Map<string, Association>();
  #remembered = 0;

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit;
  }

  note(frame: DissectedFrame): void {
    const { spi, sequence, src, dst, payload } = frame;
    if (spi === null || sequence === null || src === null || dst === null) return;
    const { name, contents, ivs } = this.#associationOf(src, dst, spi);
    const digest = contentDigest(payload);
    const before = contents.get(sequence);
    if (before === undefined) {
      if (this.#remembered >= this.#limit) {
        this.uncompared++;
        return;
      }
      this.#remembered++;
      contents.set(sequence, digest);
      const other = payload.length < 8 + IV ? null : ivs.note(payload, 8, sequence);
      if (other !== null && this.repeatedIvs.length < MAX_NAMED)
        this.repeatedIvs.push({ src, dst, spi: name, seq: sequence, other, frame: frame.number });
    } else if (before !== digest && this.found.length < MAX_NAMED)
      this.found.push({ src, dst, spi: name, seq: sequence, frame: frame.number });
  }

  #associationOf(src: string, dst: string, spi: number): Association {
    const key = `${src} ${dst} ${spi}`;
    let association = this.#seen.get(key);
    if (association === undefined) {
      association = { name: formatSpi(spi), contents: new Map(), ivs: new IvHistory() };
      this.#seen.set(key, association);
    }
    return association;
  }
}

/** FNV-1a over length, IV and the first ciphertext: two encryptions of anything differ there. */
function contentDigest(packet: Uint8Array): number {
  let hash = (0x811c9dc5 ^ packet.length) >>> 0;
  const end = Math.min(packet.length, 8 + IV + 16);
  for (let i = 8; i < end; i++) hash = Math.imul(hash ^ (packet[i] ?? 0), 0x01000193) >>> 0;
  return hash;
}
