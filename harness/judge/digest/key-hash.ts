import { createHash } from 'node:crypto';
import type { KeyName } from '../state/node-ends.ts';

/** The first 48 bits of the SHA-256 of a key's name, which a double holds exactly; NaN for no name. The name of a secret key is a salted hash already. */
export function keyHash(name: KeyName | undefined): number {
  if (name === undefined) return Number.NaN;
  return createHash('sha256').update(String(name)).digest().readUIntBE(0, 6);
}
