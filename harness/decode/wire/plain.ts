/** Bytes of supposed ciphertext that are looked at. */
const WINDOW = 64;

/**
 * True when `bytes[from … to)` cannot be ciphertext: 24 bytes or more of nothing but printable text, or 16 bytes of fewer than
 * seven values. Random bytes look like that less than once in 10^10. False proves nothing.
 */
export function looksPlain(bytes: Uint8Array, from: number, to: number): boolean {
  const end = Math.min(to, from + WINDOW);
  if (end - from < 16) return false;
  let printable = true;
  for (let i = from; i < end && printable; i++) {
    const c = bytes[i]!;
    printable = (c >= 32 && c < 127) || c === 9 || c === 10 || c === 13;
  }
  if (printable && end - from >= 24) return true;
  return distinct(bytes, from, from + 16) < 7;
}

/** Values seen in the current call of `distinct`: one bit each, cleared at its start. */
const seen = new Int32Array(8);

/** Number of different values in `bytes[from … to)`. */
export function distinct(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let i = 0; i < 8; i++) seen[i] = 0;
  for (let i = from; i < to; i++) {
    const c = bytes[i]!;
    const before = seen[c >> 5]!;
    const after = before | (1 << (c & 31));
    if (after === before) continue;
    seen[c >> 5] = after;
    count++;
  }
  return count;
}
