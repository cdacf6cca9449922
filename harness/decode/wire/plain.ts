/** Bytes of possible ciphertext in one window. */
export const PLAIN_WINDOW = 64;
/** Bytes between two windows of the search for text. */
const STEP = 16;
/** Bytes that are sufficient when they vary as most random ones do. */
const GLANCE = 32;
/** Fewer bytes prove nothing: WireGuard's tag and the ciphertext of the smallest ESP packet are too short. */
const LEAST = 16;
/** Greatest probability that a window of random bytes is taken for plaintext. */
const DOUBT = 2 ** -40;

/** For each number of bytes, the limits of random bytes: fewest different values, most ASCII, most of one quarter of all values. */
const BOUNDS = Array.from({ length: PLAIN_WINDOW + 1 }, (_, bytes) => ({
  distinct: fewestDistinct(bytes),
  ascii: mostOf(bytes, 1 / 2),
  quarter: mostOf(bytes, 1 / 4),
}));

const { distinct: FEWEST, ascii: MOST_ASCII, quarter: MOST_OF_QUARTER } = BOUNDS[PLAIN_WINDOW]!;
/** Added to the bytes in each quarter, it sets the highest bit of each that is above the limit. */
const ABOVE_QUARTER = (127 - MOST_OF_QUARTER) * 0x0101_0101;

/** Values in the current window: one bit each, cleared at its start. */
const seen = new Int32Array(8);
/** Number of those values; and the bytes in each quarter, eight bits a quarter. */
let distinct = 0;
let quarters = 0;

/**
 * True when the first 64 of `bytes[from … to)` cannot be ciphertext: too few different values, too much ASCII, or too many values of one
 * quarter (0 to 63, 64 to 127 …), as in text of any script, packets and padding. Random bytes look like that less than once in 2^40. False
 * proves nothing: when the first 32 bytes vary like random ones, the rest is not examined.
 */
export function looksPlain(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + PLAIN_WINDOW);
  if (end - from < LEAST) return false;
  if (end - from > GLANCE) {
    count(bytes, from, from + GLANCE);
    const ascii = (quarters & 255) + ((quarters >> 8) & 255);
    if (distinct >= 26 && ascii >= 8 && ascii <= 24) return false;
  }
  return isPlain(bytes, from, end);
}

/**
 * Place of the first 64 bytes of `bytes[from … to)` that cannot be ciphertext; -1 when there are none. Every 64 bytes are examined
 * completely, and those that begin 16, 32 and 48 bytes later only for text, so that 80 bytes of text are found at any place.
 */
export function plainWindow(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < LEAST) return -1;
  const words = wordsOf(bytes);
  const shift = bytes.byteOffset;
  const whole = from + ((to - from) & ~(PLAIN_WINDOW - 1));
  /** Place of the first text between two windows: reported only if no window is plain. */
  let text = -1;
  let b = 0;
  let c = 0;
  let d = 0;
  for (let at = from; at < whole; at += PLAIN_WINDOW) {
    const i = at + shift;
    const q0 = stepOf(words, i);
    const q1 = stepOf(words, i + STEP);
    const q2 = stepOf(words, i + 2 * STEP);
    const q3 = stepOf(words, i + 3 * STEP);
    if (isUnevenWindow(q0 + q1 + q2 + q3)) return at;
    // Nearly all random bytes have enough different values in three quarters of a window.
    if (variety(words, i, PLAIN_WINDOW - STEP) < FEWEST && isPlain(bytes, at, at + PLAIN_WINDOW)) return at;
    if (text < 0 && at > from) {
      if (isUnevenWindow(b + c + d + q0)) text = at - 48;
      else if (isUnevenWindow(c + d + q0 + q1)) text = at - 32;
      else if (isUnevenWindow(d + q0 + q1 + q2)) text = at - 16;
    }
    b = q1;
    c = q2;
    d = q3;
  }
  if (to - whole >= LEAST && isPlain(bytes, whole, to)) return whole;
  if (text >= 0 || whole === from) return text;
  for (let at = whole; at + STEP <= to; at += STEP) {
    const q = stepOf(words, at + shift);
    if (isUnevenWindow(b + c + d + q)) return at - (PLAIN_WINDOW - STEP);
    b = c;
    c = d;
    d = q;
  }
  return isUnevenWindow(quartersOf(bytes, to - PLAIN_WINDOW, to)) ? to - PLAIN_WINDOW : -1;
}

/** The last buffer that was examined: a capture is read into one. */
let lastWords: DataView = new DataView(new ArrayBuffer(0));

function wordsOf({ buffer }: Uint8Array): DataView {
  if (lastWords.buffer !== buffer) lastWords = new DataView(buffer);
  return lastWords;
}

/** The bytes in each quarter of 16 bytes, eight bits a quarter: the highest two bits of a byte say which quarter it is in. */
function stepOf(words: DataView, at: number): number {
  const w0 = words.getInt32(at, true);
  const w1 = words.getInt32(at + 4, true);
  const w2 = words.getInt32(at + 8, true);
  const w3 = words.getInt32(at + 12, true);
  const high = (w0 & HIGH) | ((w1 & HIGH) >>> 1) | ((w2 & HIGH) >>> 2) | ((w3 & HIGH) >>> 3);
  const low = ((w0 << 1) & HIGH) | (((w1 << 1) & HIGH) >>> 1) | (((w2 << 1) & HIGH) >>> 2) | (((w3 << 1) & HIGH) >>> 3);
  const a = ones(high);
  const b = ones(low);
  const both = ones(high & low);
  return STEP - a - b + both + ((b - both) << 8) + ((a - both) << 16) + (both << 24);
}

const HIGH = 0x8080_8080 | 0;

/** Number of different values in `count` bytes, a multiple of four. */
function variety(words: DataView, from: number, count: number): number {
  for (let i = 0; i < 8; i++) seen[i] = 0;
  for (let at = from; at < from + count; at += 4) {
    const w = words.getInt32(at, true);
    seen[w >>> 29]! |= 1 << (w >>> 24);
    seen[(w >>> 21) & 7]! |= 1 << (w >>> 16);
    seen[(w >>> 13) & 7]! |= 1 << (w >>> 8);
    seen[(w >>> 5) & 7]! |= 1 << w;
  }
  let sum = 0;
  for (let i = 0; i < 8; i++) sum += ones(seen[i]!);
  return sum;
}

function isPlain(bytes: Uint8Array, from: number, to: number): boolean {
  count(bytes, from, to);
  return distinct < BOUNDS[to - from]!.distinct || isUneven(quarters, to - from);
}

/** The same as `isUneven`, of a whole window. */
function isUnevenWindow(counted: number): boolean {
  return ((counted + ABOVE_QUARTER) & HIGH) !== 0 || (counted & 255) + ((counted >> 8) & 255) > MOST_ASCII;
}

/** Too much ASCII, or too many values of one quarter, in this number of bytes. */
function isUneven(counted: number, bytes: number): boolean {
  const bounds = BOUNDS[bytes]!;
  const a = counted & 255;
  const b = (counted >> 8) & 255;
  return a + b > bounds.ascii || Math.max(a, b, (counted >> 16) & 255, counted >>> 24) > bounds.quarter;
}

/** The bytes in each quarter of all values, eight bits a quarter. */
function quartersOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += 1 << ((bytes[i]! >> 6) << 3);
  return sum;
}

/** Count the different values of at most 64 bytes, and the bytes of each quarter. */
function count(bytes: Uint8Array, from: number, to: number): void {
  for (let i = 0; i < 8; i++) seen[i] = 0;
  let sum = 0;
  // No branches: they would be mispredicted on random bytes.
  for (let i = from; i < to; i++) {
    const c = bytes[i]!;
    seen[c >> 5]! |= 1 << (c & 31);
    sum += 1 << ((c >> 6) << 3);
  }
  quarters = sum;
  distinct = 0;
  for (let i = 0; i < 8; i++) distinct += ones(seen[i]!);
}

/** Number of bits that are set in a word. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x5555_5555);
  n = (n & 0x3333_3333) + ((n >>> 2) & 0x3333_3333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
}

/** The fewest different values of `bytes` random bytes with a probability above DOUBT. */
function fewestDistinct(bytes: number): number {
  // Probability of each number of different values, draw by draw.
  let chances = [1];
  for (let draw = 0; draw < bytes; draw++) {
    const next = new Array<number>(chances.length + 1).fill(0);
    chances.forEach((chance, values) => {
      next[values]! += (chance * values) / 256;
      next[values + 1]! += (chance * (256 - values)) / 256;
    });
    chances = next;
  }
  let below = 0;
  let values = 0;
  while (values < chances.length && below + chances[values]! < DOUBT) below += chances[values++]!;
  return values;
}

/** The most bytes out of a share of all values among `bytes` random ones with a probability above DOUBT. */
function mostOf(bytes: number, share: number): number {
  let chance = share ** bytes;
  let above = 0;
  let count = bytes;
  while (count > 0 && above + chance < DOUBT) {
    above += chance;
    // From k to k - 1 of a binomial distribution.
    chance *= (count / (bytes - count + 1)) * ((1 - share) / share);
    count--;
  }
  return count;
}
