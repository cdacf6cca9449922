import { hash } from 'node:crypto';
import * as z from 'zod';
import { parseBoundedJson } from '../../model/bounded-json.ts';
import type { Data } from '../../model/data.ts';

/** Number of random tags that belong to no secret: one in 64 of all possible tags. */
export const RANDOM_TAGS = 64;
/** Length of a mark's window, bytes: 128 bits cannot be guessed. */
export const WINDOW = 16;

/**
 * What is kept of one secret so that it can be found again but not learned: salted SHA-256 of its first and last 16 bytes. A key
 * of 128 random bits cannot be derived from them; a shorter secret could be guessed and is not marked.
 */
const secretMarksSchema = z.object({
  schema: z.literal(1),
  /** 16 random bytes of the run, hexadecimal. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  /** Digests of windows, hexadecimal, sorted, each once. */
  windows: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(1_000_000),
  /**
   * A twelve-bit tag of each window among {@link RANDOM_TAGS} random ones, so that a search need not hash every byte of a file: {@link
   * TagFactors}. A tag is one of about a 64th of all possible tags, which reveals six of the window's 128 bits. Absent in older recordings.
   */
  tags: z.array(z.int().min(0).max(4095)).optional(),
  /** One of the secrets has printable bytes: text must be searched for raw bytes too. */
  printable: z.boolean(),
  /** Secrets that were too short to be marked. */
  unmarked: z.int().min(0),
});

export type SecretMarks = Data<typeof secretMarksSchema>;

/** Read the marks of a recording. @throws Error naming the first invalid field */
export function readSecretMarks(text: string): SecretMarks {
  const found = secretMarksSchema.safeParse(parseBoundedJson(text));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  throw new TypeError(`at ${issue?.path.join('.') || 'the top level'}: ${issue?.message}`);
}

/** Collects marks while the secrets are in memory. Holds no secret. */
export class SecretMarker {
  readonly #salt: Uint8Array;
  readonly #windows = new Set<string>();
  readonly #tags = new Set<number>();
  #printable = false;
  #unmarked = 0;

  /**
   * @param salt 16 random bytes
   * @param randomTags random bytes, two for each of {@link RANDOM_TAGS} tags that hide those of the secrets
   * @throws RangeError for another length
   */
  constructor(salt: Uint8Array, randomTags: Uint8Array) {
    if (salt.length !== WINDOW) throw new RangeError(`the salt has ${salt.length} bytes, not ${WINDOW}`);
    if (randomTags.length !== 2 * RANDOM_TAGS)
      throw new RangeError(`there are ${randomTags.length} random bytes for tags, not ${2 * RANDOM_TAGS}`);
    this.#salt = salt;
    for (let n = 0; n < RANDOM_TAGS; n++) this.#tags.add(((randomTags[2 * n]! << 8) | randomTags[2 * n + 1]!) % TAGS);
  }

  readonly add = (secret: Uint8Array): void => {
    if (secret.length < WINDOW) {
      this.#unmarked++;
      return;
    }
    for (const from of [0, secret.length - WINDOW]) {
      this.#windows.add(windowDigest(this.#salt, secret, from));
      this.#tags.add(tagOf(this.#salt, secret, from));
      if (isPrintable(secret, from)) this.#printable = true;
    }
  };

  marks(): SecretMarks {
    const windows = [...this.#windows].sort();
    const tags = [...this.#tags].sort((a, b) => a - b);
    return {
      schema: 1,
      salt: Buffer.from(this.#salt).toString('hex'),
      windows,
      tags,
      printable: this.#printable,
      unmarked: this.#unmarked,
    };
  }
}

/** Looks for marked windows in bytes. */
export class MarkSearch {
  /** The salt, and after it the window that is looked at. */
  readonly #input = Buffer.alloc(2 * WINDOW);
  readonly #windows: ReadonlySet<string>;
  /** For the first two bytes of a digest: 1 if a mark begins with them. */
  readonly #beginnings = new Uint8Array(65536);
  readonly #printable: boolean;
  /** For each byte value: the last window that contained it. */
  readonly #seen = new Uint32Array(256);
  #mark = 0;
  /** For each tag: 1 if a marked window has it. All 1 if the marks have no tags. */
  readonly #tagged = new Uint8Array(TAGS);
  readonly #tag: TagFactors;

  constructor({ salt, windows, printable, tags }: Pick<SecretMarks, 'salt' | 'windows' | 'printable' | 'tags'>) {
    this.#input.set(Buffer.from(salt, 'hex').subarray(0, WINDOW));
    this.#windows = new Set(windows);
    for (const window of windows) this.#beginnings[Number.parseInt(window.slice(0, 4), 16)] = 1;
    this.#printable = printable;
    this.#tag = tagFactors(this.#input);
    if (tags === undefined) this.#tagged.fill(1);
    else for (const tag of tags) this.#tagged[tag] = 1;
  }

  /** Every place of a marked window in `bytes`. */
  search(bytes: Uint8Array, found: (at: number) => void): void {
    if (this.#windows.size === 0 || bytes.length < WINDOW) return;
    // Where no secret is printable, no window of a text can be one.
    if (!this.#printable && bytes.every(isText)) return;
    const tagged = this.#tagged;
    const { factor, gone } = this.#tag;
    let value = 0;
    for (let i = 0; i < bytes.length; i++) {
      value = (Math.imul(value, factor) + bytes[i]! - (i >= WINDOW ? Math.imul(bytes[i - WINDOW]!, gone) : 0)) | 0;
      if (tagged[value >>> TAG_SHIFT] === 0 || i < WINDOW - 1) continue;
      const from = i - WINDOW + 1;
      if (this.#mayBeSecret(bytes, from) && this.#isMarked(bytes, from)) found(from);
    }
  }

  #isMarked(bytes: Uint8Array, from: number): boolean {
    const input = this.#input;
    for (let i = 0; i < WINDOW; i++) input[WINDOW + i] = bytes[from + i]!;
    // The first two bytes decide for nearly every window, and a text of one character a byte is made faster than hexadecimal digits.
    const digest = hash('sha256', input, 'binary');
    if (this.#beginnings[(digest.charCodeAt(0) << 8) | digest.charCodeAt(1)] === 0) return false;
    return this.#windows.has(Buffer.from(digest.slice(0, WINDOW), 'latin1').toString('hex'));
  }

  /**
   * Sixteen random bytes have fewer than eight different values once in 10^7, and are all text equally rarely: most windows need no hash.
   */
  #mayBeSecret(bytes: Uint8Array, from: number): boolean {
    const seen = this.#seen;
    this.#mark++;
    if (this.#mark > 0xffffffff) {
      seen.fill(0);
      this.#mark = 1;
    }
    const mark = this.#mark;
    let distinct = 0;
    let text = 0;
    for (let i = from; i < from + WINDOW; i++) {
      const byte = bytes[i]!;
      if (seen[byte] !== mark) {
        seen[byte] = mark;
        distinct++;
      }
      if (isText(byte)) text++;
    }
    return distinct >= MIN_DISTINCT && (text < WINDOW || this.#printable);
  }
}

const MIN_DISTINCT = 8;
const TAGS = 4096;

/** The tag is the highest twelve bits of a number of 32. */
const TAG_SHIFT = 20;

/**
 * A window's tag is twelve bits of a polynomial in its 16 bytes, updated for each byte: times `factor`, plus the new byte, minus `gone`
 * times the oldest byte.
 */
interface TagFactors {
  /** Odd number from the run's salt. */
  readonly factor: number;
  /** `factor` to the power of the window's length: the multiplier of the oldest byte. */
  readonly gone: number;
}

function tagFactors(salt: Uint8Array): TagFactors {
  const factor = ((salt[0]! << 24) | (salt[1]! << 16) | (salt[2]! << 8) | salt[3]! | 5) >>> 0;
  let gone = 1;
  for (let n = 0; n < WINDOW; n++) gone = Math.imul(gone, factor);
  return { factor, gone };
}

function tagOf(salt: Uint8Array, bytes: Uint8Array, from: number): number {
  const { factor } = tagFactors(salt);
  let value = 0;
  for (const byte of bytes.subarray(from, from + WINDOW)) value = (Math.imul(value, factor) + byte) | 0;
  return value >>> TAG_SHIFT;
}

function windowDigest(salt: Uint8Array, bytes: Uint8Array, from: number): string {
  const input = Buffer.allocUnsafe(2 * WINDOW);
  input.set(salt, 0);
  input.set(bytes.subarray(from, from + WINDOW), WINDOW);
  return hash('sha256', input, 'hex').slice(0, 32);
}

function isText(byte: number): boolean {
  return (byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13;
}

function isPrintable(bytes: Uint8Array, from: number): boolean {
  return bytes.subarray(from, from + WINDOW).every(isText);
}
