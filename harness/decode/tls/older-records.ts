import { plainWindow } from '../wire/plain.ts';
import { ContentType, LEAST_CIPHERTEXT, MAX_BODY, RECORD_HEADER, RecordCutter } from './records.ts';

/** Most bytes in which the border of a record is looked for: two of the longest records. */
const MAX_SEARCHED = 2 * (RECORD_HEADER + MAX_BODY);

/**
 * One direction of a connection whose beginning was not seen. Its bytes may be records of TLS, of which nobody can say here what protects
 * them; the first ones may be the rest of a record. Bytes that cannot be ciphertext, or that are no sequence of records, are not TLS.
 */
export class OlderRecords {
  readonly #cutter = new RecordCutter((type, body) => this.#record(type, body));
  /** Bytes before the first border that was found; null after that. */
  #searched: Uint8Array | null = new Uint8Array(0);
  #data = false;

  /** The next bytes. Returns why they are no records; after that nothing more may be pushed. */
  push(bytes: Uint8Array): string | null {
    if (this.#searched === null) return this.#cutter.push(bytes);
    this.#searched = Buffer.concat([this.#searched, bytes]);
    const searched = this.#searched;
    const border = firstBorder(searched);
    if (border < 0) {
      if (plainWindow(searched, 0, searched.length) >= 0) return 'bytes that cannot be ciphertext';
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

/** Where two records follow each other, or one ends with the bytes; -1 where nothing shows a border yet. */
function firstBorder(bytes: Uint8Array): number {
  for (let at = 0; at + RECORD_HEADER <= bytes.length; at++) {
    const next = endOfRecord(bytes, at);
    if (next === bytes.length || (next > 0 && next + RECORD_HEADER <= bytes.length && endOfRecord(bytes, next) > 0)) return at;
  }
  return -1;
}

/** The end of a record whose header is at `at`; -1 where there is no header. */
function endOfRecord(bytes: Uint8Array, at: number): number {
  const [type, major, minor, high, low] = bytes.subarray(at, at + RECORD_HEADER);
  const length = (high! << 8) | low!;
  if (type! < ContentType.CHANGE_CIPHER_SPEC || type! > ContentType.APPLICATION_DATA || major !== 3 || minor !== 3) return -1;
  return length > 0 && length <= MAX_BODY ? at + RECORD_HEADER + length : -1;
}
