/** A node or pod refused a part of the layout, or was not clean after its removal. */
export class LayoutError extends Error {
  override name = 'LayoutError';
  readonly place: string;

  constructor(place: string, what: string, output: string) {
    super(`${place}: ${what}${output === '' ? '' : `: ${withoutKeys(output).trim().slice(-800)}`}`);
    this.place = place;
  }
}

/** Removes everything that could be a key: 0x and 32 or more hex digits, or 44 characters of base64. */
function withoutKeys(text: string): string {
  return text.replace(/0x[0-9a-fA-F]{32,}/g, '0x<hidden>').replace(/[A-Za-z0-9+/]{43}=/g, '<hidden>');
}
