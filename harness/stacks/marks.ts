import type { ExactMark, MarkPattern } from './profile.ts';

/**
 * Why a printed mark does not match its pattern, or null when it does. `spi` is the key id of the SA or template. A null pattern means no
 * mark.
 */
export function markMismatch(pattern: MarkPattern | null, mark: ExactMark | null, spi: number | null): string | null {
  if (pattern === null) return mark === null ? null : `mark ${printMark(mark)} where none is expected`;
  if (mark === null) return `no mark, expected ${printPattern(pattern, spi)}`;
  const wanted = `mark ${printMark(mark)}, expected ${printPattern(pattern, spi)}`;
  if (mark.mask >>> 0 !== pattern.mask >>> 0) return wanted;
  if ((mark.value & pattern.fixedMask) >>> 0 !== pattern.fixed >>> 0) return wanted;
  if (pattern.nodeId && mark.value >>> 16 === 0) return `${wanted} (node id 0)`;
  if (pattern.spi && spi !== null && ((mark.value >>> 12) & 0xf) !== (spi & 0xf)) return wanted;
  return null;
}

/** Whether one packet mark can match both patterns: they agree on the bits that both define. A missing pattern matches every packet. */
export function marksMeet(a: ExactMark | null, b: ExactMark | null): boolean {
  return a === null || b === null || ((a.value ^ b.value) & a.mask & b.mask) === 0;
}

/** `0xd00/0xf00`, as iproute2 prints it. */
export function printMark(mark: ExactMark): string {
  return `0x${(mark.value >>> 0).toString(16)}/0x${(mark.mask >>> 0).toString(16)}`;
}

function printPattern(pattern: MarkPattern, spi: number | null): string {
  const id = pattern.nodeId ? 'NNNN' : '';
  const key = pattern.spi ? (spi === null ? 'S' : (spi & 0xf).toString(16)) : pattern.nodeId ? '0' : '';
  return `0x${id}${key}${pattern.fixed.toString(16)}/0x${(pattern.mask >>> 0).toString(16)}`;
}
