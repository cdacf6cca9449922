/** The bytes end before a field that they announce. */
export class ShortMessageError extends Error {
  override readonly name = 'ShortMessageError';
}

/** Reads the fields of a message one after the other. @throws ShortMessageError from every method when the bytes do not have the field */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Unsigned integer of 1 to 3 bytes, network byte order. */
  integer(width: 1 | 2 | 3): number {
    let value = 0;
    for (const byte of this.bytes(width)) value = value * 256 + byte;
    return value;
  }

  bytes(count: number): Uint8Array {
    if (count > this.left) throw new ShortMessageError(`${count} bytes are announced and ${this.left} are left`);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  /** A vector with its length before it. */
  vector(width: 1 | 2 | 3): Uint8Array {
    return this.bytes(this.integer(width));
  }
}
