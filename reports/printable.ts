/** Characters XML 1.0 forbids, the C1 controls and bidirectional overrides, which can hide text, and lone surrogates. */
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;

/**
 * Text that a terminal, an XML parser and a reader all take as it stands: every forbidden or invisible character becomes
 * its code in brackets, `[U+001B]`, so that nothing is dropped unseen. Tabs and line ends stay.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `[U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`);
}

/** {@link printable} text on one line, white space collapsed: for attributes, table cells and terminal lines. */
export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
