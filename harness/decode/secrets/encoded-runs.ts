/** A part of a text that decodes to bytes. */
export interface EncodedRun {
  readonly encoding: 'hex' | 'base64' | 'decimal' | 'escaped';
  /** Where it begins in the text. */
  readonly at: number;
  readonly bytes: Buffer;
}

/** What may be inside a run without ending it: white space, line ends as JSON writes them, the colons and commas of hex dumps, `0x`. */
const GAP = String.raw`(?:[\s:,]|\\[nrt]){0,40}(?:0x)?`;
const HEX = new RegExp(`[0-9a-fA-F](?:${GAP}[0-9a-fA-F]){31,}`, 'g');
const BASE64_GAP = String.raw`(?:[\s]|\\[nrt]|\\(?=/)){0,40}`;
const BASE64 = new RegExp(`[A-Za-z0-9+/_-](?:${BASE64_GAP}[A-Za-z0-9+/_-]){21,}`, 'g');
const GAPS = /\\[nrt]|0x|[^0-9a-fA-F]/g;
const NOT_BASE64 = /\\[nrt]|[^A-Za-z0-9+/_-]/g;
/** Sixteen octets or more in decimal: an array of JSON, of Go, of a language's byte string. */
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const DECIMAL = new RegExp(`(?<![0-9])${OCTET}(?:(?:\\s|\\\\[nrt]){0,20}[,; ](?:\\s|\\\\[nrt]){0,20}${OCTET}){15,}(?![0-9])`, 'g');
/** `\xAA` of C, Python and systemd, `%AA` of URLs, `\252` in octal. */
const ESCAPED = /(?:\\{1,2}x[0-9a-fA-F]{2}){16,}|(?:%[0-9a-fA-F]{2}){16,}|(?:\\{1,2}[0-3][0-7]{2}){16,}/g;

/**
 * Everything in a text that may be encoded bytes: hex or base64 of 16 bytes or more, decoded in every alignment (two for hex, four for
 * base64), also across lines; decimal octets; escapes. `text` has one character for each byte.
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
  for (const match of text.matchAll(DECIMAL))
    yield { encoding: 'decimal', at: match.index, bytes: Buffer.from(match[0].match(/\d+/g)!.map(Number)) };
  for (const match of text.matchAll(ESCAPED)) yield { encoding: 'escaped', at: match.index, bytes: unescaped(match[0]) };
}

function unescaped(run: string): Buffer {
  if (/x|%/.test(run)) return Buffer.from(run.replace(/[\\x%]/g, ''), 'hex');
  return Buffer.from(run.match(/[0-3][0-7]{2}/g)!.map((digits) => Number.parseInt(digits, 8)));
}
