import type { Verdict } from '../../harness/model/verdict.ts';

/** How an assessor gets the evidence of a testing procedure. */
export type ProcedureType = 'documentation' | 'interview' | 'observation' | 'system-configuration' | 'data-transmission';

/**
 * Strength of the evidence for the control: `direct` proves what the control asks, `partial` one element or one sample of it, `supporting`
 * is an analogy or good practice, `out-of-reach` if only people can answer.
 */
export type ControlStrength = 'direct' | 'partial' | 'supporting' | 'out-of-reach';

/** Our own terms, not an assessor's. `not-tested`: this run has no evidence for it. */
export type ControlStatus = Exclude<Verdict, 'not-exercised'> | 'not-tested';

/** Whether the requirement binds, as declared by the user; nothing is assumed. */
export interface DeclaredApplicability {
  readonly state: 'applicable' | 'not-applicable-as-declared' | 'not-declared';
  /** One sentence that names the declarations. */
  readonly reason: string;
}

export interface ControlCheck {
  readonly id: string;
  /** Also `not-exercised` for a check that is not in the report. */
  readonly verdict: Verdict;
}

/** A testing procedure of a control with the evidence of this run. */
export interface ProcedureRow {
  /** `4.2.1.c`, or the id of the control if the framework names no procedures. */
  readonly id: string;
  readonly type: ProcedureType;
  /** Own words. */
  readonly paraphrase: string;
  readonly status: ControlStatus;
  /** After all caps. */
  readonly strength: ControlStrength;
  readonly checks: readonly ControlCheck[];
  /** Paths inside the recording, each once, sorted. */
  readonly evidence: readonly string[];
}

/** A row of the control matrix: one requirement of one framework. */
export interface ControlRow {
  readonly framework: { readonly id: string; readonly title: string };
  /** The framework's id of the requirement: `4.2.1`, `sc-8.1`, `164.312(e)(1)`. */
  readonly control: string;
  /** Objective of OSCAL where the framework has a published catalog (`sc-8.1_obj`), else null. */
  readonly objective: string | null;
  /** Own words. */
  readonly paraphrase: string;
  readonly applicability: DeclaredApplicability;
  /** The worst of the procedures within reach. */
  readonly status: ControlStatus;
  /** The reason of the status if the checks alone do not explain it, else empty. */
  readonly statusReason: string;
  /** The strongest of the procedures that have evidence, after all caps; `out-of-reach` when there is none. */
  readonly strength: ControlStrength;
  /** Why the strength is below the one in the framework's file, else empty. */
  readonly caps: readonly string[];
  readonly procedures: readonly ProcedureRow[];
  /** Checks of all procedures, each once, by id. */
  readonly checks: readonly ControlCheck[];
  /** Evidence of all procedures, each path once, sorted. */
  readonly evidence: readonly string[];
  /** What is left for the assessor. */
  readonly remains: string;
}

/** controls.json: the control matrix of one report. */
export interface ControlMatrix {
  readonly schema: 1;
  readonly run: string;
  readonly environmentClass: string;
  /** The facts as declared in the configuration's `scope`. */
  readonly scope: Readonly<Record<string, boolean>>;
  readonly frameworks: readonly { readonly id: string; readonly title: string; readonly version: string; readonly note: string }[];
  readonly rows: readonly ControlRow[];
}
