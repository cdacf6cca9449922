import * as z from 'zod';

/**
 * What the evidence says of one check. `inconclusive`: evidence missing or damaged. `not-exercised`: the check applies
 * but nothing in this run fed it. `not-applicable`: the check has no meaning for this intent. Never "compliant".
 */
export const verdictSchema = z.enum(['supports', 'contradicts', 'inconclusive', 'not-exercised', 'not-applicable']);
export type Verdict = z.output<typeof verdictSchema>;

/** One sentence of a finding, whole by itself, with what it is about where that can be named. */
export interface StatedFact {
  readonly text: string;
  readonly node?: string;
  /** Id of a driven flow. */
  readonly flow?: string;
  /** Path of a capture inside the recording folder, and the number of a frame in it. */
  readonly capture?: string;
  readonly frame?: number;
}

/** The outcome of a check, without its id: what a check function returns. */
export interface Finding {
  readonly verdict: Verdict;
  /** What the verdict rests on: what contradicts, what is missing, or what was examined. At least one. */
  readonly facts: readonly StatedFact[];
  /** Facts of the same kind that are counted and not named. */
  readonly omitted: number;
  /** Worth knowing, decides nothing. */
  readonly notes: readonly string[];
  /** What must hold, with the limits and with what the profile asks for. */
  readonly expected: string;
  /** What was seen, one item a thing; empty where the facts say it. */
  readonly observed: readonly string[];
  /** Paths inside the recording folder. */
  readonly evidence: readonly string[];
}

/** A finding under its check's stable id (`WIR-01`). */
export interface CheckVerdict extends Finding {
  readonly id: string;
}

/** A finding of one fact. */
export function plainFinding(verdict: Verdict, text: string, expected: string, evidence: readonly string[] = []): Finding {
  return { verdict, facts: [{ text }], omitted: 0, notes: [], expected, observed: [], evidence };
}

/** A finding's facts and notes as one text, for where there is room for one only. */
export function reasonOf({ facts, omitted, notes }: Pick<Finding, 'facts' | 'omitted' | 'notes'>): string {
  return [...facts.map(({ text }) => text), ...(omitted > 0 ? [`and ${omitted} more`] : []), ...notes].join('; ');
}

/** What was seen, as one text. */
export function observedOf(finding: Pick<Finding, 'facts' | 'omitted' | 'observed'>): string {
  return finding.observed.length > 0 ? finding.observed.join('; ') : reasonOf({ ...finding, notes: [] });
}
