import type { EnvironmentClass } from '../../harness/model/cluster.ts';
import type { Intent } from '../../harness/model/intent.ts';
import type { ScenarioName } from '../../harness/model/scenario.ts';
import type { Verdict } from '../../harness/model/verdict.ts';

/** Version of a line of the history. */
export const HISTORY_SCHEMA = 1;

/** What the history keeps of a run. */
export interface RunSummary {
  readonly run: string;
  /** UTC: when the recording ended. */
  readonly recordedAt: string;
  readonly complete: boolean;
  readonly environmentClass: EnvironmentClass;
  readonly cluster: string;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  readonly intent: Intent;
  readonly toolVersion: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly verdict: Verdict;
  /** How many checks had each verdict. */
  readonly checks: Readonly<Partial<Record<Verdict, number>>>;
  readonly contradicting: readonly string[];
  readonly inconclusive: readonly string[];
  /** The cryptography that was seen, a line a kind; no key and nothing that is new in every run. */
  readonly crypto: readonly string[];
  /** SHA-256 of the run's evidence pack; null where none was made. */
  readonly pack: string | null;
}

/** A line about a run, or one that stands for lines that were removed because they were too old. */
export type HistoryBody =
  | { readonly kind: 'run'; readonly summary: RunSummary }
  | { readonly kind: 'retention'; readonly removed: number; readonly olderThan: string };

/** A line of history.ndjson. */
export type HistoryEntry = HistoryBody & {
  readonly schema: typeof HISTORY_SCHEMA;
  /** From 1, without gaps. A retention line has the number of the last line it stands for. */
  readonly sequence: number;
  /** SHA-256 of the line before without its line end; 64 zeros for the first. A retention line: of the last line it stands for. */
  readonly previous: string;
  /** The signer's public key, SPKI DER in base64. */
  readonly signer: string;
};

/** An entry with the digest of its line, which is how it is named elsewhere. */
export interface ChainedEntry {
  readonly entry: HistoryEntry;
  /** As it stands in the file, without its line end. */
  readonly line: string;
  readonly digest: string;
  /** SHA-256 of the signer's public key. */
  readonly keyId: string;
}
