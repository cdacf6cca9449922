import type { CommandRecord } from '../model/recording.ts';

/** An output with each key replaced by its length and fingerprint. @throws when a key cannot be found with certainty */
export type Redactor = (output: string, fingerprint: (key: Uint8Array) => string) => string;

/** A command that reads state. If its output may have a key, it has a redactor that runs before anything is written. */
export interface Collector {
  readonly collector: string;
  readonly shell: CommandRecord['shell'];
  readonly argv: readonly string[];
  readonly node: string | null;
  readonly redact?: Redactor;
  /** The moment of its answer counts, so it is never asked together with others. */
  readonly alone?: true;
}

/** A node's clock, in seconds, between the moments at which it was asked and answered. */
export function clockOf(node: string): Collector {
  return { collector: 'clock', shell: 'host', argv: ['date', '-u', '+%s.%N'], node, alone: true };
}
