import * as z from 'zod';
import type { Data } from './data.ts';
import { flowPathSchema } from './recording.ts';

/**
 * What the evidence says of one check. `inconclusive`: evidence missing or damaged. `not-exercised`: the check applies, but this run gave
 * it nothing to judge. `not-applicable`: the check has no meaning for this intent. Never "compliant".
 */
export const verdictSchema = z.enum(['supports', 'contradicts', 'inconclusive', 'not-exercised', 'not-applicable']);
export type Verdict = z.output<typeof verdictSchema>;

/** One sentence of a finding, complete in itself, with its subject where that can be named. */
const statedFactSchema = z.object({
  text: z.string(),
  node: z.string().exactOptional(),
  /** Id of a driven flow. */
  flow: z.string().exactOptional(),
  /** Of traffic that was not driven: the paths that it may belong to, by its addresses. */
  paths: z.array(flowPathSchema).exactOptional(),
  /** A security association: `10.0.1.1 -> 10.0.2.1 spi 0x00000003`. */
  sa: z.string().exactOptional(),
  /** Path of a capture inside the recording folder, and the number of a frame in it. */
  capture: z.string().exactOptional(),
  frame: z.number().exactOptional(),
});
export type StatedFact = Data<typeof statedFactSchema>;

/** The outcome of a check, without its id: what a check function returns. */
export const findingSchema = z.object({
  verdict: verdictSchema,
  /** What the verdict rests on: what contradicts, what is missing, or what was examined. At least one. */
  facts: z.array(statedFactSchema).min(1),
  /** Facts of the same kind that are counted and not named. */
  omitted: z.number(),
  /** Information without influence on the verdict. */
  notes: z.array(z.string()),
  /** What must hold, with limits and with the values of the profile. */
  expected: z.string(),
  /** What was seen, one item for each thing; empty when the facts say it. */
  observed: z.array(z.string()),
  /** Paths inside the recording folder. */
  evidence: z.array(z.string()),
});
export type Finding = Data<typeof findingSchema>;

/** A finding under its check's stable id (`WIR-01`). */
export const checkVerdictSchema = findingSchema.extend({
  id: z.string(),
});
export type CheckVerdict = Data<typeof checkVerdictSchema>;

/** A finding of one fact. */
export function plainFinding(verdict: Verdict, text: string, expected: string, evidence: readonly string[] = []): Finding {
  return { verdict, facts: [{ text }], omitted: 0, notes: [], expected, observed: [], evidence };
}

/** A finding's facts and notes as one text, for formats with a single text field. */
export function reasonOf({ facts, omitted, notes }: Pick<Finding, 'facts' | 'omitted' | 'notes'>): string {
  return [...facts.map(({ text }) => text), ...(omitted > 0 ? [`and ${omitted} more`] : []), ...notes].join('; ');
}

/** What was seen, as one text. */
export function observedOf(finding: Pick<Finding, 'facts' | 'omitted' | 'observed'>): string {
  return finding.observed.length > 0 ? finding.observed.join('; ') : reasonOf({ ...finding, notes: [] });
}
