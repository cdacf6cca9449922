import * as z from 'zod';
import { environmentClassSchema } from '../../harness/model/cluster.ts';
import { comparedKeysSchema } from '../../harness/model/comparable-keys.ts';
import type { Data } from '../../harness/model/data.ts';
import { intentSchema } from '../../harness/model/intent.ts';
import { runIdSchema } from '../../harness/model/recording.ts';
import { sampleClaimSchema } from '../../harness/model/sample.ts';
import { scenarioSchema } from '../../harness/model/scenario.ts';
import { verdictSchema } from '../../harness/model/verdict.ts';

/** Version of a line of the history. */
export const HISTORY_SCHEMA = 1;

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const count = z.int().min(0);

/** What the history stores of a run. */
const runSummarySchema = z.object({
  run: runIdSchema,
  /** UTC: when the recording ended. */
  recordedAt: z.iso.datetime(),
  complete: z.boolean(),
  environmentClass: environmentClassSchema,
  cluster: z.string(),
  scenario: scenarioSchema,
  fault: z.string().nullable(),
  intent: intentSchema,
  toolVersion: z.string(),
  versions: z.record(z.string(), z.string()),
  verdict: verdictSchema,
  /** How many checks had each verdict. */
  checks: z.partialRecord(verdictSchema, count),
  contradicting: z.array(z.string()),
  inconclusive: z.array(z.string()),
  /** The cryptography that was seen, one line for each kind, without keys and without values that differ in every run. */
  crypto: z.array(z.string()),
  /** By what the keys can be held against those of other runs; absent in lines of earlier versions, and where there is nothing. */
  keys: z.array(comparedKeysSchema).max(2).exactOptional(),
  /** SHA-256 of the run's evidence pack; null where none was made. */
  pack: digest.nullable(),
  /** Where only a sample of the ordered pairs of nodes was driven: which, and SHA-256 of the names of the nodes. */
  sample: sampleClaimSchema.extend({ ring: digest }).optional(),
});

export type RunSummary = Data<typeof runSummarySchema>;

const line = {
  schema: z.literal(HISTORY_SCHEMA),
  /** From 1, without gaps. A retention line has the number of the last line it stands for. */
  sequence: z.int().min(1),
  /** SHA-256 of the line before without its line end; 64 zeros for the first. A retention line: of the last line it stands for. */
  previous: digest,
  /** The signer's public key, SPKI DER in base64. */
  signer: z.base64().max(200),
};

/** A line of history.ndjson. */
export const historyEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    ...line,
    kind: z.literal('run'),
    summary: runSummarySchema,
    /** In a first line only: the last line of the history that was in this folder before, as the writing machine stored it. */
    insteadOf: digest.optional(),
  }),
  /** Replaces lines that were removed because they were too old. */
  z.object({ ...line, kind: z.literal('retention'), removed: count, olderThan: z.iso.datetime() }),
  /** From the next line on another key signs. Signed by the old key and by the new one, so that no key can be named without its owner. */
  z.object({ ...line, kind: z.literal('handover'), to: z.base64().max(200), accepted: z.base64().max(200) }),
]);

export type HistoryEntry = Data<typeof historyEntrySchema>;

/** The content of a line, without its place in the chain. */
export type HistoryBody = Pick<Extract<HistoryEntry, { kind: 'run' }>, 'kind' | 'summary' | 'insteadOf'>;

/** An entry with the digest of its line, which identifies it. */
export interface ChainedEntry {
  readonly entry: HistoryEntry;
  /** As in the file, without its line end. */
  readonly line: string;
  readonly digest: string;
  /** SHA-256 of the signer's public key. */
  readonly keyId: string;
  /** SHA-256 of the key that signs the next line: the same key, except after a handover. */
  readonly nextKeyId: string;
}
