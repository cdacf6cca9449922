import type { DissectedFrame } from '../../decode/wire/dissected-frame.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import { FlowShortcut } from '../ledger/flow-shortcut.ts';
import { NumberedContents } from '../ledger/numbered-contents.ts';
import type { CaptureFacts } from './capture-facts.ts';
import { IvHistory } from './iv-history.ts';

/** Sequence numbers that are remembered over all SAs of a capture; later ones are only counted. */
export const MAX_REMEMBERED = 2_000_000;
/** Conflicts that are named. */
const MAX_NAMED = 100;
/** Initialisation vector of the AEADs, bytes after SPI and sequence number. */
const IV = 8;

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
  /** Numbers of the SAs, by addresses and SPI. */
  readonly #associations = new Map<string, number>();
  readonly #shortcut = new FlowShortcut();
  /** Digest of the content, by SA and sequence number. */
  readonly #contents = new NumberedContents();
  readonly #ivs = new IvHistory((association, sequence) => this.#contents.get(association, 0, sequence) >= 0);

  constructor(limit = MAX_REMEMBERED) {
    this.#limit = limit;
  }

  note(frame: DissectedFrame): void {
    const { spi, sequence } = frame;
    if (spi === null || sequence === null) return;
    const association = this.#associationOf(frame, spi);
    const digest = contentDigest(frame);
    const contents = this.#contents;
    const before = contents.get(association, 0, sequence);
    if (before < 0) {
      if (contents.size >= this.#limit) {
        this.uncompared++;
        return;
      }
      contents.set(association, 0, sequence, digest);
      const { buffer, start, payloadOffset } = frame;
      const other = this.#ivs.note(association, sequence, buffer, frame.payloadLength < 8 + IV ? -1 : start + payloadOffset + 8);
      if (other >= 0 && this.repeatedIvs.length < MAX_NAMED) this.repeatedIvs.push({ ...namesOf(frame, spi, sequence), other });
    } else if (before !== digest && this.found.length < MAX_NAMED) this.found.push(namesOf(frame, spi, sequence));
  }

  #associationOf(frame: DissectedFrame, spi: number): number {
    const { flow } = frame;
    let association = flow < 0 ? -1 : this.#shortcut.find(flow, spi);
    if (association >= 0) return association;
    const key = `${frame.src} ${frame.dst} ${spi}`;
    association = this.#associations.get(key) ?? this.#associations.size;
    this.#associations.set(key, association);
    if (flow >= 0) this.#shortcut.note(flow, spi, association);
    return association;
  }
}

function namesOf({ src, dst, number }: DissectedFrame, spi: number, seq: number): CaptureFacts['espConflicts'][number] {
  return { src: src ?? '', dst: dst ?? '', spi: formatSpi(spi), seq, frame: number };
}

/** FNV-1a over length, IV and the first ciphertext: two encryptions of anything differ there. */
function contentDigest({ buffer, start, payloadOffset, payloadLength }: DissectedFrame): number {
  const packet = start + payloadOffset;
  const end = packet + Math.min(payloadLength, 8 + IV + 16);
  let hash = 0x811c9dc5 ^ payloadLength;
  for (let at = packet + 8; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x01000193);
  return hash >>> 0;
}
