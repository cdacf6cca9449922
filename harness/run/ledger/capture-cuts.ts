import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { findBorder, recordLayout } from '../../decode/wire/record-border.ts';

/** Bytes in which the beginning of a record is looked for. */
const WINDOW = 512 * 1024;
/** A file of fewer parts is read before threads have started. */
const LEAST_PARTS = 16;

/** Where a capture may be cut. */
export interface CaptureCuts {
  /** Bytes before its first frame. */
  readonly head: Uint8Array;
  /** Where the parts begin, 0 first, and the end of the file. */
  readonly borders: readonly number[];
}

/**
 * Cut a capture file into parts of about `partBytes` at places where records seem to begin; null if it is too small for it, or no capture.
 * @throws the system's error when the file cannot be opened or read.
 */
export function captureCuts(path: string, partBytes: number): CaptureCuts | null {
  // A pipe has no size, and must not be opened twice.
  const { size } = statSync(path);
  if (size < LEAST_PARTS * partBytes) return null;
  const file = openSync(path, 'r');
  try {
    const window = new Uint8Array(Math.min(WINDOW, partBytes));
    const bytesAt = (place: number): Uint8Array => window.subarray(0, readSync(file, window, 0, window.length, place));
    const start = bytesAt(0);
    const layout = recordLayout(start);
    if (layout === null) return null;
    const head = start.slice(0, layout.head);
    const borders = [0];
    for (let place = partBytes; place < size; place += partBytes) {
      const border = findBorder(bytesAt(place), place, layout);
      if (border >= 0 && place + border > borders.at(-1)!) borders.push(place + border);
    }
    return { head, borders: [...borders, size] };
  } finally {
    closeSync(file);
  }
}
