import type { Random } from './random.ts';

/** What became of one case; anything else that is thrown is a defect. */
export type CaseOutcome = 'read' | 'refused';

/** One kind of untrusted input. */
export interface FuzzPart {
  readonly name: string;
  /** What is fed, for the summary. */
  readonly about: string;
  /** Make and run one case. @throws Error when something that must hold does not */
  run(random: Random): CaseOutcome | Promise<CaseOutcome>;
  close?(): void;
}

/** @throws Error with what must hold */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}
