import { u32 } from '../../decode/wire/bytes.ts';

/** Bits of an initialisation vector that a double can keep exactly in addition to the other 32. */
const HIGH_BITS = 21;

/**
 * Which 64 bit initialisation vectors an SA has used, and with which sequence number. 53 bits are in the key of the entry and the other 11
 * in its value, so a repetition is certain; of two vectors that differ only in those 11 bits, the first is kept.
 */
export class IvHistory {
  readonly #seen = new Map<number, number>();

  /** Note the vector at `at`. Returns the sequence number that had it before, or null. */
  note(packet: Uint8Array, at: number, sequence: number): number | null {
    const high = u32(packet, at);
    const key = (high & (2 ** HIGH_BITS - 1)) * 2 ** 32 + u32(packet, at + 4);
    const rest = high >>> HIGH_BITS;
    const before = this.#seen.get(key);
    if (before === undefined) {
      this.#seen.set(key, sequence * 2048 + rest);
      return null;
    }
    const other = Math.floor(before / 2048);
    return before % 2048 === rest && other !== sequence ? other : null;
  }
}
