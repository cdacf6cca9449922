/** Lines end with LF or CR LF, columns may be set with TAB; ESC begins a colour. */
const ALLOWED_CONTROL = new Set(['\t', '\n', '\r', '\u001b']);
/**
 * Controls, formats that print nothing (byte order mark, zero width, direction), other blanks than SPACE, and the replacement of bytes that
 * are no UTF-8.
 */
const ODD = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]|(?! )\p{Zs}/gu;

/**
 * The first character of a text that no command of a kernel, an agent or an API client prints, by line and name: `line 3: U+00A0`. Such a
 * text went through an editor or another program, or is no text. Null when there is none.
 */
export function oddCharacter(text: string): string | null {
  for (const { 0: character, index } of text.matchAll(ODD)) {
    if (ALLOWED_CONTROL.has(character)) continue;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `line ${text.slice(0, index).split('\n').length}: U+${code}`;
  }
  return null;
}
