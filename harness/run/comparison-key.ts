import { readFile } from 'node:fs/promises';
import { ExitError } from './exit-error.ts';

/** Hexadecimal digits: 256 to 4096 bits. */
const HEX = /^(?:[0-9a-f]{2}){32,512}$/i;

/**
 * The secret under which keys of several runs are compared, from a file of hexadecimal digits.
 * @param operand flag or key with its value, for messages
 * @throws ExitError (usage) for a file that cannot be read or holds something else; the message never shows its content
 */
export async function readComparisonKey(path: string, operand: string): Promise<Uint8Array> {
  const text = await readFile(path, 'latin1').catch((error: NodeJS.ErrnoException) => {
    throw ExitError.usage(`${operand}: cannot be read (${error.code ?? error.name})`);
  });
  const digits = text.trim();
  if (!HEX.test(digits))
    throw ExitError.usage(`${operand}: must hold 64 to 1024 hexadecimal digits and nothing else; make one with: openssl rand -hex 32`);
  return Buffer.from(digits, 'hex');
}
