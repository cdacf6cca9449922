/** A stretch of text that decodes to bytes. */
export interface EncodedRun {
  readonly encoding: 'hex' | 'base64';
  /** Where it begins in the text. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** What may stand inside a run without ending it: white space, line ends as JSON writes them, the colons of hex dumps, `0x`. */
const GAP = String.raw`(?:[\s:]|\\[nrt]){0,40}(?:0x)?`;
const HEX = new RegExp(`[0-9a-fA-F](?:${GAP}[0-9a-fA-F]){31,}`, 'g');
const BASE64_GAP = String.raw`(?:[\s]|\\[nrt]|\\(?=/)){0,40}`;
const BASE64 = new RegExp(`[A-Za-z0-9+/_-](?:${BASE64_GAP}[A-Za-z0-9+/_-]){21,}`, 'g');
const GAPS = /\\[nrt]|0x|[^0-9a-fA-F]/g;
const NOT_BASE64 = /\\[nrt]|[^A-Za-z0-9+/_-]/g;

/**
 * Everything in a text that may be hex or base64 of 16 bytes or more, decoded in every alignment (two for hex, four for
 * base64), also where it is broken over lines. `text` has one character a byte.
 */
export function* encodedRuns(text: string): Generator<EncodedRun> {
  for (const match of text.matchAll(HEX)) {
    const digits = match[0].replace(GAPS, '');
    for (let skip = 0; skip < 2; skip++) yield { encoding: 'hex', at: match.index, bytes: Buffer.from(digits.slice(skip), 'hex') };
  }
  for (const match of text.matchAll(BASE64)) {
    const characters = match[0].replace(NOT_BASE64, '');
    for (let skip = 0; skip < 4; skip++)
      yield { encoding: 'base64', at: match.index, bytes: Buffer.from(characters.slice(skip), 'base64') };
  }
}
