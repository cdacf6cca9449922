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

/** Words of a key: two addresses, SPI, family. */
const WORDS = 10;

/** Numbers the SAs of a capture: source, destination and SPI of the IP header that carries the ESP. */
export class SaTable {
  readonly #table = new WordTable(WORDS);
  readonly #shortcut = new FlowShortcut();

  get size(): number {
    return this.#table.size;
  }

  /** @param flow index of the frame's flow. */
  indexOf(frame: Frame, flow: number): number {
    const known = this.#shortcut.find(flow, frame.espSpi);
    if (known >= 0) return known;
    const key = this.#table.key;
    for (let i = 0; i < 8; i++) key[i] = frame.words[8 + i]!;
    key[8] = frame.espSpi;
    key[9] = frame.family;
    const index = this.#intern();
    this.#shortcut.note(flow, frame.espSpi, index);
    return index;
  }

  keys(): Uint32Array {
    return this.#table.keys();
  }

  /** Index of the SA at `place` of the keys of another table. */
  indexOfKey(keys: Uint32Array, place: number): number {
    this.#table.key.set(keys.subarray(place * WORDS, (place + 1) * WORDS));
    return this.#intern();
  }

  describe(index: number): Pick<EspAccount, 'src' | 'dst' | 'spi'> {
    const words = this.#table.words(index, 0, 8);
    const family = this.#table.word(index, 9);
    return { src: formatAddress(family, words, 0), dst: formatAddress(family, words, 4), spi: formatSpi(this.#table.word(index, 8)) };
  }

  #intern(): number {
    const index = this.#table.intern();
    if (index >= MAX_SAS)
      throw new RangeError(`the capture has more than ${MAX_SAS} SAs, more than any cluster has: its frames are not counted`);
    return index;
  }
}

/** Accounts of SAs. Later fragments have no SPI and are not counted. */
export class EspAccounts {
  readonly #sas = new SaTable();
  readonly #entries: Entry[] = [];

  /** @param flow index of the frame's flow. */
  note(frame: Frame, flow: number): void {
    this.#count(this.#sas.indexOf(frame, flow), frame.espSequence);
  }

  /** Add the next part of the capture. */
  addPart({ keys, frames, sequences }: SasOfPart): void {
    let at = 0;
    for (const [place, count] of frames.entries()) {
      const index = this.#sas.indexOfKey(keys, place);
      for (const end = at + count; at < end; at++) this.#count(index, sequences[at]!);
    }
  }

  accounts(): EspAccount[] {
    return this.#entries.map(({ frames, firstSeq, lastSeq, duplicates }, index) => ({
      ...this.#sas.describe(index),
      ...{ frames, firstSeq, lastSeq, duplicates },
    }));
  }

  #count(index: number, sequence: number): void {
    if (index === this.#entries.length)
      this.#entries.push({ frames: 0, firstSeq: sequence, lastSeq: 0, duplicates: 0, few: null, seen: null });
    const entry = this.#entries[index]!;
    entry.frames++;
    entry.lastSeq = sequence;
    if (entry.seen === null ? repeatsOfFew(entry, sequence) : entry.seen.repeat(sequence)) entry.duplicates++;
  }
}

/** The SAs of a part of a capture: plain data. */
export interface SasOfPart {
  readonly keys: Uint32Array;
  /** Frames of each SA. */
  readonly frames: readonly number[];
  /** Sequence numbers: those of the first SA in the order of the capture, then those of the second one … */
  readonly sequences: Uint32Array;
}

/** Keeps the sequence numbers of a part of a capture: whether one is a repetition depends on the parts before it. */
export class EspSequences {
  readonly #sas = new SaTable();
  readonly #numbers: number[][] = [];

  /** @param flow index of the frame's flow. */
  note(frame: Frame, flow: number): void {
    const index = this.#sas.indexOf(frame, flow);
    if (index === this.#numbers.length) this.#numbers.push([]);
    this.#numbers[index]!.push(frame.espSequence);
  }

  ofPart(): SasOfPart {
    const frames = this.#numbers.map(({ length }) => length);
    const sequences = new Uint32Array(frames.reduce((sum, count) => sum + count, 0));
    let at = 0;
    for (const numbers of this.#numbers) {
      sequences.set(numbers, at);
      at += numbers.length;
    }
    return { keys: this.#sas.keys(), frames, sequences };
  }
}
