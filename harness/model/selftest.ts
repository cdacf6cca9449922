import type { Intent } from './intent.ts';
import type { ScenarioName } from './scenario.ts';
import type { Verdict } from './verdict.ts';

/** Something to record and judge, with a result that is known beforehand. */
export interface SelftestCell {
  /** Unique in a matrix: `L03 ipsec 1.18 vxlan`. */
  readonly id: string;
  /** The fault, the healthy variant or the real recording: `L03`, `H02`. */
  readonly subject: string;
  readonly kind: 'fault' | 'healthy' | 'recording';
  /** One sentence: what is wrong, or what is healthy here. */
  readonly what: string;
  readonly intent: Intent;
  readonly scenario: ScenarioName;
  readonly nodes: number;
  /** Checks that must be red, which is `contradicts` or `inconclusive`. */
  readonly reddens: readonly string[];
  /** Checks that may be red, from the same cause. */
  readonly implies: readonly string[];
}

/**
 * What a check did in a cell. `caught`: named and red. `missed`: named and not red. `implied`: red and allowed to be.
 * `false-alarm`: red, and neither. `quiet`: not red, and not named.
 */
export type CheckOutcome = 'caught' | 'missed' | 'implied' | 'false-alarm' | 'quiet';

export interface CheckResult {
  readonly id: string;
  readonly outcome: CheckOutcome;
  /** Null for a named check that the judge does not know. */
  readonly verdict: Verdict | null;
  readonly reason: string;
}

/**
 * `passed`: every named check red and no other. `failed`: a miss or a false alarm. `broken`: it could not be recorded or judged.
 * `absent`: not run, for a reason that is no defect of the run, such as fixtures that are not on this machine.
 */
export type CellState = 'passed' | 'failed' | 'broken' | 'absent';

export interface CellResult {
  readonly schema: 1;
  readonly toolVersion: string;
  readonly cell: SelftestCell;
  readonly state: CellState;
  /** Overall verdict of the recording; null when there is none. */
  readonly verdict: Verdict | null;
  readonly checks: readonly CheckResult[];
  /** Why it is broken or absent, or what is wrong beside the checks; else empty. */
  readonly reason: string;
  readonly startedAt: string;
  /** Wall time of making the recording, judging it, and cleaning up. */
  readonly seconds: number;
  /** The lab had to be booted again after this cell, and why; else empty. */
  readonly rebooted: string;
}

/** selftest.json: one run of the matrix. */
export interface SelftestReport {
  readonly schema: 1;
  readonly tool: { readonly name: 'wirewitness'; readonly version: string };
  readonly startedAt: string;
  readonly seconds: number;
  /** `full` and `quick` are complete matrices; `filtered` leaves out cells on request. */
  readonly extent: 'full' | 'quick' | 'filtered';
  readonly results: readonly CellResult[];
  /** Ids of all checks, in the catalogue's order. */
  readonly checks: readonly string[];
  /** Results of the edited recordings; absent where cells were selected by the user. */
  readonly attacks?: AttackTally;
}

/** Correct recordings that were edited and then judged. */
export interface AttackTally {
  readonly judged: number;
  /** Edits that were accepted, or not found by a check that they name. */
  readonly wrong: readonly { readonly id: string; readonly what: string; readonly verdict: Verdict; readonly missed: readonly string[] }[];
}
