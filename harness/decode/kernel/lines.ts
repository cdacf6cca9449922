import type { UnparsedLine } from '../decoded.ts';

/** An item under construction. */
export type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** A line with its 1-based number; `text` is as printed, in `words` every run of blanks is one blank (also EM SPACE). */
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
    .replace(/((?:private|preshared)[-_ ]?key["']?\s*[:=]?\s*)(?!\(hidden\)|\(none\))\S.*/gi, '$1<masked>')
    .replace(/0x[0-9a-fA-F]{9,}/g, '0x<masked>')
    .replace(/[0-9a-fA-F]{32,}/g, '<masked>')
    .replace(/[A-Za-z0-9+/]{38,}={0,2}/g, '<masked>');
}

/** The report of a line that was not understood, with key material masked. */
export function unparsedLine(line: number, text: string): UnparsedLine {
  return { line, text: maskSecrets(text.trimEnd()) };
}

/**
 * The same for a line of `ip xfrm`, where a key may be cut by the end of a line, be in another field or be a phrase: what follows the name
 * of an algorithm, and every hex run that is not a 32-bit number, is masked.
 */
export function unparsedXfrmLine(line: number, text: string): UnparsedLine {
  const masked = text
    .replace(/^(\s*(?:[-+] )?(?:aead|auth-trunc|auth|enc|comp)\s+(?:'?[a-z][a-z0-9_-]*\([a-z0-9_,()-]*\)'?\s)?)\s*\S.*$/, '$1<masked>')
    .replace(/(?<!0x[0-9a-fA-F]*)(?=[a-fA-F]*[0-9])[0-9a-fA-F]{6,}/g, '<masked>');
  return unparsedLine(line, masked);
}

/** The same for a line of `wg`: every run of base64 digits that is not a plain word is masked, even a short piece of a key. */
export function unparsedWireguardLine(line: number, text: string): UnparsedLine {
  return unparsedLine(
    line,
    text.replace(/[A-Za-z0-9+/]{8,}={0,2}/g, (run) => (/^[A-Z]?[a-z]+$/.test(run) ? run : '<masked>')),
  );
}

/** An item without long hex runs in any of its strings; fingerprints are kept. */
export function maskFields<T>(item: T): T {
  const masked = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return /fingerprint$/i.test(key) ? value : value.replace(/[0-9a-fA-F]{9,}/g, '<masked>');
    if (Array.isArray(value)) return value.map((entry) => masked(entry, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, masked(entry, name)]));
  };
  return masked(item, '') as T;
}

/** Every non-blank line of a text as unparsed: for a text of another format. */
export function allUnparsed(text: string): UnparsedLine[] {
  return textLines(text).map((line) => unparsedLine(line.line, line.text));
}

/** `0x…` or decimal digits as an unsigned number; undefined for anything else. */
export function unsigned(text: string | undefined): number | undefined {
  if (text === undefined || !/^(?:0x[0-9a-fA-F]{1,13}|\d{1,15})$/.test(text)) return undefined;
  return Number(text);
}
