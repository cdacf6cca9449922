/** Pseudo-random numbers, the same for one seed: splitmix32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below - 1`. */
  below(below: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

/** Boundary values of lengths and counts. */
const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 20, 31, 32, 63, 64, 127, 128, 255];

/** A copy with a few changes: bytes set, flipped, removed, doubled, inserted from another sample, cut off. */
export function mutateBytes(random: Random, sample: Uint8Array, others: readonly Uint8Array[]): Buffer {
  let bytes = Buffer.from(sample);
  for (let rounds = 1 + random.below(6); rounds > 0; rounds--) {
    const at = random.below(bytes.length + 1);
    const length = random.below(Math.min(64, bytes.length) + 1);
    switch (random.below(7)) {
      case 0:
        if (at < bytes.length) bytes[at] = random.of(EDGES);
        break;
      case 1:
        if (at < bytes.length) bytes[at]! ^= 1 << random.below(8);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      case 4: {
        const other = random.of(others);
        const from = random.below(other.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + random.below(600)), bytes.subarray(at)]);
        break;
      }
      case 5:
        bytes = bytes.subarray(0, at);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), random.bytes(length), bytes.subarray(at + length)]);
    }
  }
  return bytes;
}

/** Pieces that are inserted into texts: separators of the formats, and values that are hard to parse. */
const PIECES = [
  ...['\n', '\r\n', '\t', ' ', '\\', '"', "'", ':', '=', ',', '[', ']', '{', '}', '(', ')', '<', '>', '/', '%', '-', '+', '0x', '\0'],
  ...[
    '\u001b[31m',
    '\u009b',
    '\u202e',
    '\u200b',
    '\ufeff',
    '\u{1f512}',
    '__proto__',
    'constructor',
    'null',
    'true',
    '-1',
    '1e999',
    '0',
    '4294967296',
  ],
  ...[
    '&a',
    '*a',
    '|',
    '>',
    '---',
    '...',
    '!!js',
    '<<:',
    '#',
    '{"a":[',
    '\n\n\n\n',
    '  - ',
    'src 1 dst 2',
    'aead ',
    'enc ',
    'interface: x',
    'peer: ',
  ],
];

/** A copy of a text with a few changes: pieces inserted, lines moved, doubled and cut, parts exchanged with another sample. */
export function mutateText(random: Random, sample: string, others: readonly string[]): string {
  let text = sample;
  for (let rounds = 1 + random.below(8); rounds > 0; rounds--) {
    const at = random.below(text.length + 1);
    const to = at + random.below(200);
    switch (random.below(6)) {
      case 0:
        text = text.slice(0, at) + random.of(PIECES).repeat(1 + random.below(20)) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + text.slice(to);
        break;
      case 2: {
        const lines = text.split('\n');
        const [line] = lines.splice(random.below(lines.length), 1);
        lines.splice(random.below(lines.length + 1), 0, line ?? '');
        text = lines.join('\n');
        break;
      }
      case 3: {
        const other = random.of(others);
        const from = random.below(other.length + 1);
        text = text.slice(0, at) + other.slice(from, from + random.below(500)) + text.slice(to);
        break;
      }
      case 4:
        text = text.slice(0, at) + text.slice(at, to).repeat(1 + random.below(4)) + text.slice(to);
        break;
      default:
        text = text.slice(0, at) + String.fromCharCode(random.below(0x250)) + text.slice(at + 1);
    }
  }
  return text.slice(0, MAX_TEXT);
}

const MAX_TEXT = 400_000;
