import { u16 } from './bytes.ts';
import type { Frame } from './frame.ts';

const CHANGE_CIPHER_SPEC = 0x14;
const ALERT = 0x15;
const APPLICATION_DATA = 0x17;
/** Plaintext limit and the 2048 bytes of expansion that TLS 1.2 allows. */
const MAX_RECORD = 16384 + 2048;

/** Does the TCP payload at `at` begin with a TLS record header? Only the first segment of a record has it; later ones count as clear. */
export function isTlsRecord(f: Frame, at: number): boolean {
  const b = f.buffer;
  if (f.end - at < 5) return false;
  const type = b[at]!;
  if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || b[at + 1] !== 3 || b[at + 2]! > 4) return false;
  const length = u16(b, at + 3);
  if (type === CHANGE_CIPHER_SPEC) return length === 1;
  if (type === ALERT) return length === 2 || (length >= 16 && length <= 512);
  return length >= 4 && length <= MAX_RECORD;
}
