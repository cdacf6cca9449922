/**
 * Characters XML 1.0 forbids, the C1 controls, lone surrogates, and invisible characters that a terminal or a browser interprets: direction
 * marks and overrides, characters of no width, tags, line and paragraph separators.
 */
const UNPRINTABLE =
  /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{ad}\u{61c}\u{180e}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]/gu;

/**
 * Text that is safe for a terminal and an XML parser: every forbidden or invisible character becomes its code in brackets, `[U+001B]`, so
 * that nothing is lost without notice. Tabs and line ends stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `[U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** {@link printable} text on one line, white space collapsed: for attributes, table cells and terminal lines. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** JSON for a terminal or a file: what {@link printable} replaces is written as a JSON escape, so that a parser reads the same value. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNPRINTABLE, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
}
