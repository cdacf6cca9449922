import type { Verdict } from '../../harness/model/verdict.ts';

/** How an assessor comes by the evidence of a testing procedure. */
export type ProcedureType = 'documentation' | 'interview' | 'observation' | 'system-configuration' | 'data-transmission';

/**
 * What evidence of this kind is worth to the control: `direct` for the very thing that is asked, `partial` for one element or one
 * sample of it, `supporting` by analogy or as good practice, `out-of-reach` for what only people can answer.
 */
export type ControlStrength = 'direct' | 'partial' | 'supporting' | 'out-of-reach';

/** Our own words, never an assessor's. `not-tested`: no evidence of this run speaks to it. */
export type ControlStatus = Exclude<Verdict, 'not-exercised'> | 'not-tested';

/** Whether the requirement binds, as the user declared it; nothing is assumed. */
export interface DeclaredApplicability {
  readonly state: 'applicable' | 'not-applicable-as-declared' | 'not-declared';
  /** One sentence that names the declarations. */
  readonly reason: string;
}

export interface ControlCheck {
  readonly id: string;
  /** `not-exercised` too for a check that the report does not know. */
  readonly verdict: Verdict;
}

/** A testing procedure of a control with what this run has for it. */
export interface ProcedureRow {
  /** `4.2.1.c`, or the control's own id where the framework names no procedures. */
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
  /** Why the status is what it is where checks alone do not say it, else empty. */
  readonly statusReason: string;
  /** The strongest of the procedures that have evidence, after all caps; `out-of-reach` when there is none. */
  readonly strength: ControlStrength;
  /** Why strength was capped below what the framework's file says, else empty. */
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
