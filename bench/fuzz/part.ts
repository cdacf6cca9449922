import type { Random } from './random.ts';

/** The result of one case; any other thrown error is a defect. */
export type CaseOutcome = 'read' | 'refused';

/** One kind of untrusted input. */
export interface FuzzPart {
  readonly name: string;
  /** A description of the input, for the summary. */
  readonly about: string;
  /** Make and run one case. @throws Error if a required property does not hold */
  run(random: Random): CaseOutcome | Promise<CaseOutcome>;
  close?(): void;
}

/** @throws Error naming the required property */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
