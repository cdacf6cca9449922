/** A line that no rule of the decoder understood, with its 1-based number. Key material in it is masked. */
export interface UnparsedLine {
  readonly line: number;
  readonly text: string;
}

/** What a text decoder hands back: facts, and every line it could not turn into one. */
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
