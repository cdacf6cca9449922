import type { Reader } from './bytes.ts';

const OPTION_END = 0;
const OPTION_TSRESOL = 9;
const OPTION_TSOFFSET = 14;

/** What an Interface Description Block says that a reader of packets needs. */
export interface PcapngInterface {
  readonly linkType: number;
  /** 0 means no limit. */
  readonly snapLength: number;
  /** Timestamp units in a second: 10^n or 2^n (if_tsresol), default 10^6. */
  readonly unitsPerSecond: number;
  /** Seconds to add (if_tsoffset). */
  readonly offsetSeconds: number;
}

/** Read the body of an IDB, `bytes[at … end)` without block header and trailer. Null when an option exceeds the end. */
export function readInterface(bytes: Uint8Array, at: number, end: number, half: Reader, word: Reader): PcapngInterface | null {
  if (end - at < 8) return null;
  let unitsPerSecond = 1e6;
  let offsetSeconds = 0;
  let option = at + 8;
  while (end - option >= 4) {
    const code = half(bytes, option);
    const length = half(bytes, option + 2);
    const value = option + 4;
    if (code === OPTION_END) break;
    if (value + length > end) return null;
    if (code === OPTION_TSRESOL && length >= 1) {
      const resolution = bytes[value]!;
      unitsPerSecond = resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution;
    }
    // Offsets are whole seconds in 64 bits; the low word is sufficient for real files.
    if (code === OPTION_TSOFFSET && length >= 8) offsetSeconds = tsOffset(bytes, value, half, word);
    option = value + ((length + 3) & ~3);
  }
  return { linkType: half(bytes, at), snapLength: word(bytes, at + 4), unitsPerSecond, offsetSeconds };
}

function tsOffset(bytes: Uint8Array, at: number, half: Reader, word: Reader): number {
  const littleEndian = half(new Uint8Array([1, 0]), 0) === 1;
  const high = word(bytes, littleEndian ? at + 4 : at) | 0;
  return high * 2 ** 32 + word(bytes, littleEndian ? at : at + 4);
}

/** Split a 64 bit timestamp of the interface's resolution into whole seconds and nanoseconds. */
export function splitTimestamp(high: number, low: number, itf: PcapngInterface): { seconds: number; nanoseconds: number } {
  const units = itf.unitsPerSecond;
  if (high < 0x200000) {
    const value = high * 2 ** 32 + low;
    const seconds = Math.floor(value / units);
    return {
      seconds: seconds + itf.offsetSeconds,
      nanoseconds: Math.min(999_999_999, Math.floor(((value - seconds * units) * 1e9) / units)),
    };
  }
  // Above 2^53, as with every timestamp in nanoseconds, a double would lose the last digits.
  const value = (BigInt(high) << 32n) | BigInt(low);
  if (!Number.isSafeInteger(units)) return { seconds: Math.floor(Number(value) / units) + itf.offsetSeconds, nanoseconds: 0 };
  const wide = BigInt(units);
  const seconds = value / wide;
  return { seconds: Number(seconds) + itf.offsetSeconds, nanoseconds: Number(((value - seconds * wide) * 1_000_000_000n) / wide) };
}
