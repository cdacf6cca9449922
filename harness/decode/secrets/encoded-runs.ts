/** A part of a text that decodes to bytes. */
export interface EncodedRun {
  readonly encoding: 'hex' | 'base64' | 'decimal' | 'escaped';
  /** Where it begins in the text. */
  readonly at: number;
  /** The run as it stands there. */
  readonly written: string;
  /** Its bytes in every alignment: two for hex, four for base64. */
  readonly decoded: () => readonly Buffer[];
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

/** What `matchAll` gives, for texts that mostly have no match: matchAll copies the expression first, which takes longer than to run it over a short text. */
export function allMatches(text: string, pattern: RegExp): Iterable<RegExpExecArray> {
  return text.search(pattern) < 0 ? NO_MATCHES : text.matchAll(pattern);
}

const NO_MATCHES: readonly RegExpExecArray[] = [];

/**
 * Everything in a text that may be encoded bytes: hex or base64 of 16 bytes or more, also across lines; decimal octets; escapes.
 * `text` has one character for each byte.
 */
export function* encodedRuns(text: string): Generator<EncodedRun> {
  for (const { at, written } of runsOf(text, HEX_RUN)) yield { encoding: 'hex', at, written, decoded: () => fromHex(written) };
  for (const { at, written } of runsOf(text, BASE64_RUN)) yield { encoding: 'base64', at, written, decoded: () => fromBase64(written) };
  for (const { at, written } of runsOf(text, DECIMAL_RUN))
    yield { encoding: 'decimal', at, written, decoded: () => [Buffer.from(written.match(/\d+/g)!.map(Number))] };
  for (const { at, written } of runsOf(text, ESCAPED_RUN)) yield { encoding: 'escaped', at, written, decoded: () => [unescaped(written)] };
}

/** A kind of run: its expression, the characters that can be in it, and the fewest that it has. */
interface RunShape {
  readonly pattern: RegExp;
  /** 1 for each character that can be in a run. */
  readonly members: Uint8Array;
  readonly least: number;
}

const HEX_RUN = shapeOf(HEX, /[0-9a-fA-F\s:,\\nrtx]/, 32);
const BASE64_RUN = shapeOf(BASE64, /[A-Za-z0-9+/_\s\\-]/, 22);
const DECIMAL_RUN = shapeOf(DECIMAL, /[0-9\s\\nrt,;]/, 31);
const ESCAPED_RUN = shapeOf(ESCAPED, /[0-9a-fA-F\\x%]/, 48);

function shapeOf(pattern: RegExp, member: RegExp, least: number): RunShape {
  return { pattern, members: Uint8Array.from({ length: 256 }, (_, code) => (member.test(String.fromCharCode(code)) ? 1 : 0)), least };
}

/**
 * The matches of a run's expression. It is tried only where enough characters of its kind stand side by side: in ciphertext there are none,
 * and one character in every `least` shows that.
 */
function* runsOf(text: string, { pattern, members, least }: RunShape): Generator<{ readonly at: number; readonly written: string }> {
  const isMember = (at: number): boolean => members[text.charCodeAt(at)] === 1;
  // No run that is still to be found has characters before this place.
  let begin = 0;
  while (begin + least <= text.length) {
    const probe = begin + least - 1;
    if (!isMember(probe)) {
      begin = probe + 1;
      continue;
    }
    let from = probe;
    while (from > begin && isMember(from - 1)) from--;
    let end = probe + 1;
    while (end < text.length && isMember(end)) end++;
    if (end - from >= least)
      for (const { 0: written, index } of allMatches(text.slice(from, end), pattern)) yield { at: from + index, written };
    begin = end + 1;
  }
}

function fromHex(written: string): Buffer[] {
  const digits = written.replace(GAPS, '');
  return [0, 1].map((skip) => Buffer.from(digits.slice(skip), 'hex'));
}

function fromBase64(written: string): Buffer[] {
  const characters = written.replace(NOT_BASE64, '');
  return [0, 1, 2, 3].map((skip) => Buffer.from(characters.slice(skip), 'base64'));
}

function unescaped(run: string): Buffer {
  if (/x|%/.test(run)) return Buffer.from(run.replace(/[\\x%]/g, ''), 'hex');
  return Buffer.from(run.match(/[0-3][0-7]{2}/g)!.map((digits) => Number.parseInt(digits, 8)));
}
