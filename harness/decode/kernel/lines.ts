import type { UnparsedLine } from '../decoded.ts';

/** An item while it is being put together. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A line with its 1-based number; `text` is as printed, `words` has every run of blanks made one (also EM SPACE). */
export interface TextLine {
  readonly line: number;
  readonly text: string;
  readonly words: string;
}

/** Non-blank lines. */
export function textLines(text: string): TextLine[] {
  return linesOf(text, (line) => [line]);
}

/** Non-blank lines of iproute2. `ip -o` puts an object on one line, with backslashes: each part keeps the number of its line. */
export function iprouteLines(text: string): TextLine[] {
  return linesOf(text, (line) => line.split('\\'));
}

function linesOf(text: string, parts: (line: string) => string[]): TextLine[] {
  const found: TextLine[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    for (const part of parts(raw)) {
      const words = part.trim().replace(/\s+/g, ' ');
      if (words !== '') found.push({ line: index + 1, text: part, words });
    }
  }
  return found;
}

/** Hides what could be key material: hex longer than a 32-bit number, base64 of the length of a WireGuard key. */
export function maskSecrets(text: string): string {
  return text
    .replace(/((?:private|preshared) key:?\s*)(?!\(hidden\)|\(none\))\S.*/gi, '$1<masked>')
    .replace(/0x[0-9a-fA-F]{9,}/g, '0x<masked>')
    .replace(/[0-9a-fA-F]{32,}/g, '<masked>')
    .replace(/[A-Za-z0-9+/]{38,}={0,2}/g, '<masked>');
}

/** The report of a line that was not understood, with key material masked. */
export function unparsedLine(line: number, text: string): UnparsedLine {
  return { line, text: maskSecrets(text.trimEnd()) };
}

/** Every non-blank line of a text, reported: for a text that is not the format at all. */
export function allUnparsed(text: string): UnparsedLine[] {
  return textLines(text).map((line) => unparsedLine(line.line, line.text));
}

/** `0x…` or decimal digits as an unsigned number; undefined for anything else. */
export function unsigned(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0x[0-9a-fA-F]{1,13}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}
