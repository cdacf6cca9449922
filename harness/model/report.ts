import type { ClusterDescription, EnvironmentClass } from './cluster.ts';
import type { CryptoInventory } from './crypto.ts';
import type { Intent } from './intent.ts';
import type { Ledger } from './ledger.ts';
import type { Family, Mode } from './mode.ts';
import type { FlowEnd, FlowPath, JournalEvent, Phase, RecordingManifest } from './recording.ts';
import type { ScenarioName } from './scenario.ts';
import type { CheckVerdict, Verdict } from './verdict.ts';

/** What must happen to a flow. */
export type Treatment = 'encrypted' | 'clear-by-design' | 'dropped';

/** A cell of the flow matrix: what was driven, what must happen to it, what the wire showed. */
export interface FlowVerdict {
  readonly id: string;
  readonly path: FlowPath;
  readonly family: Family;
  readonly protocol: string;
  readonly source: FlowEnd;
  readonly destination: FlowEnd;
  readonly treatment: Treatment;
  /** Why the treatment is what it is, and where that is documented. */
  readonly treatmentReason: string;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly sent: number;
  readonly answered: number;
  /** Frames of this flow seen in the clear on the wire in the judged phase, and in the un-encrypted phase. */
  readonly clearFrames: number;
  readonly controlFrames: number;
}

/** What a cluster must give before a check can be judged; names of capabilities of a {@link ClusterDescription}. */
export type Need = 'agent-shell' | 'host-shell' | 'cilium-objects' | 'capture';

/** A check as the catalogue states it. */
export interface CheckStatement {
  readonly id: string;
  /** What must hold. Its only wording: documents, JUnit and pages print it. */
  readonly must: string;
  readonly modes: readonly Mode[];
  /** Scenarios that exercise it; absent: every one does. */
  readonly scenarios?: readonly ScenarioName[];
  /** What is read, in words. */
  readonly evidence: string;
  readonly needs: readonly Need[];
  /** The un-encrypted phase of a recording must turn it red. */
  readonly clearPhaseIsControl?: boolean;
  /** What an operator does when it is red; commands between backticks. */
  readonly remedy: string;
}

/** A check in a report. */
export interface ReportedCheck extends CheckStatement {
  /** What must turn it red: ids of faults, `clear phase`. */
  readonly controls: readonly string[];
  /** Why nothing in the lab turns it red; absent where something does. */
  readonly uncontrolled?: string;
  /** Where the published control run last saw it red; null when it did not. */
  readonly lastSeenRed?: ControlSeen | null;
}

/** A fault of the lab that was seen to turn a check red. */
export interface ControlSeen {
  readonly check: string;
  readonly fault: string;
  readonly mode: string;
  readonly routing: string;
  readonly profile: string;
  readonly verdict: string;
  /** ISO 8601. */
  readonly recordedAt: string;
  readonly toolVersion: string;
}

/** Which SPI one node used towards another, and when. Times are Unix milliseconds. */
export interface SpiUse {
  /** Node names; the address itself where it is no node's. */
  readonly from: string;
  readonly to: string;
  /** Addresses of the SA. */
  readonly src: string;
  readonly dst: string;
  /** `0x%08x`. */
  readonly spi: string;
  readonly frames: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** One stream of requests over a window. */
export interface WindowLoad {
  readonly id: string;
  readonly source: string;
  readonly destination: string;
  readonly family: Family;
  readonly protocol: string;
  readonly sent: number;
  readonly answered: number;
  /** Longest time without an answer, milliseconds; an outage that lasts to the end of the stream counts. */
  readonly longestGapMs: number;
  /** When requests were sent that got no answer, Unix milliseconds; at most KEPT_LOSSES. */
  readonly lostAtMs: readonly number[];
}

/** What was seen while something was changed under load: key rotation and the life cycle scenarios. */
export interface WindowReport {
  /** Unix milliseconds; null where the journal does not say. */
  readonly startedMs: number | null;
  readonly endedMs: number | null;
  /** By direction, then in order of time. Empty for WireGuard, which has no SPI. */
  readonly spis: readonly SpiUse[];
  readonly loads: readonly WindowLoad[];
  /** Readable frames of traffic that must be encrypted, over the whole window. */
  readonly clearFrames: number;
}

/** report.json: everything the writers need; no times but those of the recording. */
export interface Report {
  readonly schema: 2;
  readonly run: RecordingManifest['run'];
  readonly tool: RecordingManifest['tool'];
  readonly intent: Intent;
  readonly environment: { readonly class: EnvironmentClass; readonly cluster: ClusterDescription };
  /** The worst of the verdicts: contradicts, then inconclusive, then supports. All not exercised is inconclusive. */
  readonly verdict: Verdict;
  readonly checks: readonly ReportedCheck[];
  readonly verdicts: readonly CheckVerdict[];
  readonly flows: readonly FlowVerdict[];
  /** Key `<phase>/<vantage>/<node or '-'>/<interface>`. */
  readonly ledger: Readonly<Record<string, Ledger & { readonly file: string; readonly phase: Phase; readonly vantage: string }>>;
  readonly timeline: readonly JournalEvent[];
  /** What the window of a scenario showed; absent where none was recorded. */
  readonly rotation?: WindowReport;
  /** The cryptography that was observed; absent in reports of versions that took no inventory. */
  readonly crypto?: CryptoInventory;
  readonly limits: readonly string[];
}
