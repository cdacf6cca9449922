/** Limits for a JSON text of unknown origin. */
export interface JsonBounds {
  /** Levels of nested arrays and objects. */
  readonly depth: number;
  /** Number of values, without keys: each needs memory, some of them fifty times their bytes in the text. */
  readonly values: number;
}

/** Enough for all that is read here: recordings, reports, outputs of kernels and agents. */
export const DEFAULT_JSON_BOUNDS: JsonBounds = { depth: 100, values: 4_000_000 };

/**
 * Parse JSON whose writer is unknown. The text is counted before anything is built from it, so a short text cannot become a
 * deep or a huge value. A key that an object has twice is refused, because readers differ in which of the two they take.
 *
 * @throws RangeError naming the limit and the character at which it is exceeded, or the key; SyntaxError for text that is not JSON
 */
export function parseBoundedJson(text: string, { depth, values }: JsonBounds = DEFAULT_JSON_BOUNDS): unknown {
  let open = 0;
  let count = 1;
  // The keys of each open object; null for an array.
  const keys: (Set<string> | null)[] = [];
  let isKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at);
        if (isKey) noteKey(keys.at(-1), text.slice(at + 1, end), at);
        isKey = false;
        at = end;
        break;
      }
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        count++;
        if (++open > depth) throw new RangeError(`is nested deeper than ${depth}, at character ${at}`);
        isKey = text.charCodeAt(at) === OPEN_OBJECT;
        keys.push(isKey ? new Set() : null);
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        open--;
        keys.pop();
        isKey = false;
        break;
      case COMMA:
        count++;
        isKey = keys.at(-1) instanceof Set;
        break;
    }
    if (count > values) throw new RangeError(`holds more than ${values} values, at character ${at}`);
  }
  return JSON.parse(text) as unknown;
}

/** @throws RangeError when the object has the key already, in whatever escapes */
function noteKey(keys: Set<string> | null | undefined, raw: string, at: number): void {
  const key = raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
  if (keys?.has(key) === true)
    throw new RangeError(`has the key ${JSON.stringify(key.slice(0, 60))} twice in one object, at character ${at}`);
  keys?.add(key);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Where the string that begins at `at` ends; the end of the text when it has no end. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}
