import * as z from 'zod';

/**
 * What the evidence says of one check. `inconclusive`: evidence missing or damaged. `not-exercised`: the check applies
 * but nothing in this run fed it. `not-applicable`: the check has no meaning for this intent. Never "compliant".
 */
export const verdictSchema = z.enum(['supports', 'contradicts', 'inconclusive', 'not-exercised', 'not-applicable']);
export type Verdict = z.output<typeof verdictSchema>;

/** The outcome of a check, without its id: what a check function returns. */
export interface Finding {
  readonly verdict: Verdict;
  /** One sentence that names the node, the flow, the interface and the limit. */
  readonly reason: string;
  readonly expected: string;
  readonly observed: string;
  /** Paths inside the recording folder. */
  readonly evidence: readonly string[];
}

/** A finding under its check's stable id (`WIR-01`). */
export interface CheckVerdict extends Finding {
  readonly id: string;
}
