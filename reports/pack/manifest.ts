import type { EnvironmentClass } from '../../harness/model/cluster.ts';
import type { RecordingManifest } from '../../harness/model/recording.ts';
import type { Verdict } from '../../harness/model/verdict.ts';

/** Version of MANIFEST.json; `verify` refuses any other. */
export const PACK_SCHEMA = 1;

/** `synthetic`: contains only generated data. `confidential`: shows names, addresses and layout of a cluster. */
export type Classification = 'public' | 'synthetic' | 'confidential';

/** One file of a pack with where it came from. */
export interface EvidenceItem {
  /** `EV-001` onwards, in byte order of the paths. */
  readonly id: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** What made it: `command`, `capture`, `recorder`, `report`, `pack`. */
  readonly producer: string;
  /** Where and with which arguments; absent for what was not read by a command. */
  readonly command?: { readonly place: string; readonly argv: readonly string[]; readonly exitCode: number | null };
  /** UTC, ISO 8601: when it was acquired; null for what is made from the recording. */
  readonly acquiredAt: string | null;
  readonly classification: Classification;
  /** Of the file as recorded, if the pack contains it with payload removed. */
  readonly original?: { readonly bytes: number; readonly sha256: string; readonly recipe: string };
}

/** The intent and all that was decided before anything was recorded. */
export interface PlanDigest {
  readonly path: string;
  readonly sha256: string;
  /** The same digest stands in the journal's first event: it was taken before the recording began. */
  readonly journalled: boolean;
  /** Time of that event; null where it carries no digest. */
  readonly hashedAt: string | null;
}

/** MANIFEST.json. */
export interface PackManifest {
  readonly schema: typeof PACK_SCHEMA;
  readonly name: string;
  readonly run: RecordingManifest['run'];
  readonly tool: RecordingManifest['tool'];
  readonly environmentClass: EnvironmentClass;
  /** Component versions of the cluster and of the tools that recorded. */
  readonly versions: Readonly<Record<string, string>>;
  readonly verdict: Verdict;
  readonly plan: PlanDigest;
  /** Months for which the evidence should be kept (PCI DSS 10.5.1 asks twelve of audit logs). */
  readonly retentionMonths: number;
  readonly evidence: readonly EvidenceItem[];
}

/** Evidence ids by path: three digits or more, in byte order of the paths. */
export function evidenceId(index: number): string {
  return `EV-${String(index + 1).padStart(3, '0')}`;
}
