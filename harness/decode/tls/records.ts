/** Content types of records (RFC 8446, section 5.1). */
export const ContentType = { CHANGE_CIPHER_SPEC: 20, ALERT: 21, HANDSHAKE: 22, APPLICATION_DATA: 23 } as const;

/** 2^14 bytes of content and the expansion that TLS 1.2 allows (RFC 5246, section 6.2.3). */
export const MAX_BODY = 16_384 + 2048;
/** Bytes of a record's header. */
export const RECORD_HEADER = 5;
/** The smallest ciphertext: one byte of content type and the 8 bytes of the shortest tag, of AES-CCM-8. */
export const LEAST_CIPHERTEXT = 9;

/** Why a record is not taken; null when it is. */
type Taken = string | null;

/** Cuts the bytes of one direction, which come in order, into records. Keeps at most one record. */
export class RecordCutter {
  readonly #take: (type: number, body: Uint8Array) => Taken;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  /** Bytes of the record in work, with its header; 0 while the header is not whole. */
  #wanted = 0;

  /** @param take gets each record when it is whole, and says why it is not valid */
  constructor(take: (type: number, body: Uint8Array) => Taken) {
    this.#take = take;
  }

  /** The last record is whole. */
  get atBorder(): boolean {
    return this.#keptBytes === 0;
  }

  /** The next bytes. Returns why they are not records; after that nothing more may be pushed. */
  push(bytes: Uint8Array): Taken {
    let rest = bytes;
    while (rest.length > 0) {
      const need = (this.#wanted || RECORD_HEADER) - this.#keptBytes;
      const part = rest.subarray(0, need);
      // The caller reuses its buffer; a record that lies in it completely is not copied.
      this.#kept.push(part.length < need ? part.slice() : part);
      this.#keptBytes += part.length;
      rest = rest.subarray(part.length);
      if (part.length < need) {
        if (this.#wanted === 0) return beginsLikeRecord(this.#joined());
        return null;
      }
      const whole = this.#joined();
      if (this.#wanted === 0) {
        const invalid = invalidHeader(whole);
        if (invalid !== null) return invalid;
        this.#kept = [whole.slice()];
        this.#wanted = RECORD_HEADER + ((whole[3]! << 8) | whole[4]!);
        if (this.#wanted > RECORD_HEADER) continue;
      }
      this.#kept = [];
      this.#keptBytes = this.#wanted = 0;
      const refused = this.#take(whole[0]!, whole.subarray(RECORD_HEADER));
      if (refused !== null) return refused;
    }
    return null;
  }

  #joined(): Uint8Array {
    if (this.#kept.length > 1) this.#kept = [Buffer.concat(this.#kept)];
    return this.#kept[0]!;
  }
}

/** As much of a header as there is. */
function beginsLikeRecord(start: Uint8Array): Taken {
  const [type, major, minor] = start;
  if (type! < ContentType.CHANGE_CIPHER_SPEC || type! > ContentType.APPLICATION_DATA) return `no record of TLS has type ${type}`;
  if (major !== undefined && major !== 3) return `no record of TLS has major version ${major}`;
  if (minor !== undefined && minor > 4) return `no record of TLS has version 3.${minor}`;
  return null;
}

function invalidHeader(header: Uint8Array): Taken {
  const length = (header[3]! << 8) | header[4]!;
  if (length > MAX_BODY) return `a record of ${length} bytes is longer than TLS allows`;
  return beginsLikeRecord(header);
}
