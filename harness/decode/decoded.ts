/** A line that the decoder did not understand, with its 1-based number. Key material in it is masked. */
export interface UnparsedLine {
  readonly line: number;
  readonly text: string;
}

/** The result of a text decoder: facts, and every line that it did not understand. */
export interface Decoded<T> {
  readonly items: T[];
  readonly unparsed: UnparsedLine[];
}

/** Turns key bytes into a short name that is safe to store. */
export type Fingerprint = (key: Uint8Array) => string;

export interface DecodeOptions {
  /** Default: the first 24 hex digits of SHA-256 of the key bytes. */
  readonly fingerprint?: Fingerprint;
}
