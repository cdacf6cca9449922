import type { Decoded, UnparsedLine } from '../decoded.ts';
import type { CryptoAlgorithm } from './ip-items.ts';
import { type Draft, textLines, unparsedLine } from './lines.ts';

/** Reads /proc/crypto: `name` opens an algorithm, other fields belong to it. */
export function decodeProcCrypto(text: string): Decoded<CryptoAlgorithm> {
  const items: Draft<CryptoAlgorithm>[] = [];
  const unparsed: UnparsedLine[] = [];
  for (const line of textLines(text)) {
    const match = /^([a-z][a-z ]*?) ?: (\S.*)$/.exec(line.words);
    const current = items.at(-1);
    if (match?.[1] === 'name') items.push({ name: match[2] ?? '' });
    else if (match === null || current === undefined) unparsed.push(unparsedLine(line.line, line.text));
    else if (match[1] === 'driver') current.driver = match[2] ?? '';
    else if (match[1] === 'type') current.type = match[2] ?? '';
  }
  return { items, unparsed };
}
