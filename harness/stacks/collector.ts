import type { CommandRecord } from '../model/recording.ts';

/** What may be written of an output that holds keys: each key replaced by its length and fingerprint. @throws when a key can't be found for sure */
export type Redactor = (output: string, fingerprint: (key: Uint8Array) => string) => string;

/** A command that reads state. None of them may print a key: what can, has a redactor that runs before anything is written. */
export interface Collector {
  readonly collector: string;
  readonly shell: CommandRecord['shell'];
  readonly argv: readonly string[];
  readonly node: string | null;
  readonly redact?: Redactor;
}
