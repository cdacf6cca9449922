import { PLAIN_WINDOW, plainWindow } from '../wire/plain.ts';
import { ContentType, LEAST_CIPHERTEXT, MAX_BODY, RECORD_HEADER, RecordCutter } from './records.ts';

/** Most bytes in which the border of a record is looked for: two of the longest records. */
const MAX_SEARCHED = 2 * (RECORD_HEADER + MAX_BODY);

/**
 * One direction of a connection whose beginning was not seen. Its bytes may be records of TLS, of which nobody can say here what protects
 * them; the first ones may be the rest of a record. Bytes that cannot be ciphertext, or that are no sequence of records, are not TLS.
 */
export class OlderRecords {
  readonly #cutter = new RecordCutter((type, body) => this.#record(type, body));
  /** Bytes before the first border that was found, in a buffer that may be longer; null after that. */
  #searched: Uint8Array | null = new Uint8Array(4096);
  #length = 0;
  /** Places before it were looked at. */
  #sought = 0;
  /** Those of them where a header may be, of a record whose end did not come yet. */
  #open: number[] = [];
  /** Windows before it are no plain bytes. */
  #tested = 0;
  #data = false;

  /** The next bytes. Returns why they are no records; after that nothing more may be pushed. */
  push(bytes: Uint8Array): string | null {
    if (this.#searched === null) return this.#cutter.push(bytes);
    const searched = this.#joined(this.#searched, bytes);
    const border = this.#firstBorder(searched);
    if (border < 0) {
      if (plainWindow(searched, this.#tested, searched.length) >= 0) return 'bytes that cannot be ciphertext';
      // A window between two whole ones needs both.
      this.#tested = Math.max(0, (searched.length & ~(PLAIN_WINDOW - 1)) - PLAIN_WINDOW);
      return searched.length > MAX_SEARCHED ? `no record of TLS begins in ${searched.length} bytes` : null;
    }
    if (plainWindow(searched, 0, border) >= 0) return 'bytes that cannot be ciphertext';
    this.#searched = null;
    return this.#cutter.push(searched.subarray(border));
  }

  /** The border of a record was found. */
  get synchronised(): boolean {
    return this.#searched === null;
  }

  /** All records so far are whole. */
  get atBorder(): boolean {
    return this.#searched === null && this.#cutter.atBorder;
  }

  #joined(buffer: Uint8Array, bytes: Uint8Array): Uint8Array {
    const length = this.#length + bytes.length;
    let joined = buffer;
    if (length > buffer.length) {
      joined = new Uint8Array(Math.max(length, 2 * buffer.length));
      joined.set(buffer.subarray(0, this.#length));
      this.#searched = joined;
    }
    joined.set(bytes, this.#length);
    this.#length = length;
    return joined.subarray(0, length);
  }

  /** Where two records follow each other, or one ends with the bytes; -1 where nothing shows a border yet. */
  #firstBorder(bytes: Uint8Array): number {
    const open = this.#open;
    this.#open = [];
    for (const at of open) if (this.#isBorder(bytes, at)) return at;
    for (; this.#sought + RECORD_HEADER <= bytes.length; this.#sought++)
      if (endOfRecord(bytes, this.#sought) > 0 && this.#isBorder(bytes, this.#sought)) return this.#sought;
    return -1;
  }

  #isBorder(bytes: Uint8Array, at: number): boolean {
    const next = endOfRecord(bytes, at);
    if (next === bytes.length) return true;
    if (next + RECORD_HEADER <= bytes.length) return endOfRecord(bytes, next) > 0;
    this.#open.push(at);
    return false;
  }

  #record(type: number, body: Uint8Array): string | null {
    // The end of a handshake whose beginning was not seen.
    const isHandshake = type === ContentType.HANDSHAKE || type === ContentType.CHANGE_CIPHER_SPEC;
    if (isHandshake && this.#data) return `a record of type ${type} after application data`;
    if (type === ContentType.CHANGE_CIPHER_SPEC)
      return body.length === 1 && body[0] === 1 ? null : 'a ChangeCipherSpec with other content than 1';
    if (body.length < LEAST_CIPHERTEXT) return `${body.length} bytes are too few for ciphertext`;
    if (type === ContentType.APPLICATION_DATA) this.#data = true;
    return plainWindow(body, 0, body.length) < 0 ? null : 'bytes that cannot be ciphertext in a record';
  }
}

/** The end of a record whose header is at `at`; -1 where there is no header. */
function endOfRecord(bytes: Uint8Array, at: number): number {
  const type = bytes[at]!;
  if (type < ContentType.CHANGE_CIPHER_SPEC || type > ContentType.APPLICATION_DATA || bytes[at + 1] !== 3 || bytes[at + 2] !== 3) return -1;
  const length = (bytes[at + 3]! << 8) | bytes[at + 4]!;
  return length > 0 && length <= MAX_BODY ? at + RECORD_HEADER + length : -1;
}
