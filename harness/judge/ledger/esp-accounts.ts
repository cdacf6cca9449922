import { formatAddress } from '../../decode/wire/address.ts';
import { formatSpi } from '../../decode/wire/esp.ts';
import type { Frame } from '../../decode/wire/frame.ts';
import type { EspAccount } from '../../model/ledger.ts';
import { FlowShortcut } from './flow-shortcut.ts';
import { SequenceSet } from './sequence-set.ts';
import { WordTable } from './word-table.ts';

interface Entry {
  frames: number;
  readonly firstSeq: number;
  lastSeq: number;
  duplicates: number;
  /** The first numbers; null before the first frame, and when there are more: then all are in `seen`. */
  few: number[] | null;
  seen: SequenceSet | null;
}

/** Most SAs of a capture: a tap between 200 nodes sees 80,000 in a rotation. */
export const MAX_SAS = 200_000;

/** Numbers of an SA that are stored one by one, because a capture may have a new SPI in every frame, and a set takes kilobytes. */
const FEW = 16;

/** Note a number among the few. True if it was seen before. */
function repeatsOfFew(entry: Entry, sequence: number): boolean {
  entry.few ??= [];
  if (entry.few.includes(sequence)) return true;
  if (entry.few.length < FEW) {
    entry.few.push(sequence);
    return false;
  }
  const seen = new SequenceSet();
  for (const number of entry.few) seen.repeat(number);
  entry.seen = seen;
  entry.few = null;
  return seen.repeat(sequence);
}

/** Accounts of SAs: source, destination and SPI of the IP header that carries the ESP. Later fragments have no SPI and are not counted. */
export class EspAccounts {
  readonly #table = new WordTable(10);
  readonly #shortcut = new FlowShortcut();
  readonly #entries: Entry[] = [];

  /** @param flow index of the frame's flow. */
  note(frame: Frame, flow: number): void {
    let index = this.#shortcut.find(flow, frame.espSpi);
    if (index < 0) {
      index = this.#open(frame);
      this.#shortcut.note(flow, frame.espSpi, index);
    }
    const entry = this.#entries[index]!;
    entry.frames++;
    entry.lastSeq = frame.espSequence;
    if (entry.seen === null ? repeatsOfFew(entry, frame.espSequence) : entry.seen.repeat(frame.espSequence)) entry.duplicates++;
  }

  #open(frame: Frame): number {
    const key = this.#table.key;
    for (let i = 0; i < 8; i++) key[i] = frame.words[8 + i]!;
    key[8] = frame.espSpi;
    key[9] = frame.family;
    const index = this.#table.intern();
    if (index === this.#entries.length) {
      if (index >= MAX_SAS)
        throw new RangeError(`the capture has more than ${MAX_SAS} SAs, more than any cluster has: its frames are not counted`);
      this.#entries.push({ frames: 0, firstSeq: frame.espSequence, lastSeq: 0, duplicates: 0, few: null, seen: null });
    }
    return index;
  }

  accounts(): EspAccount[] {
    return this.#entries.map((entry, index) => {
      const words = this.#table.words(index, 0, 8);
      const family = this.#table.word(index, 9);
      return {
        src: formatAddress(family, words, 0),
        dst: formatAddress(family, words, 4),
        spi: formatSpi(this.#table.word(index, 8)),
        frames: entry.frames,
        firstSeq: entry.firstSeq,
        lastSeq: entry.lastSeq,
        duplicates: entry.duplicates,
      };
    });
  }
}
