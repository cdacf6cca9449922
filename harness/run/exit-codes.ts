import type { Verdict } from '../model/verdict.ts';

/** The only list of exit codes. `diff` uses 1 for something that became worse and 2 for something no longer shown. */
export const EXIT = { supports: 0, contradicts: 1, inconclusive: 2, usage: 3, environment: 4, interrupted: 130 } as const;

/** A set of verdicts as one exit code: that of the worst; an empty set is inconclusive. */
export function exitCodeFor(verdicts: readonly Verdict[]): number {
  if (verdicts.includes('contradicts')) return EXIT.contradicts;
  if (verdicts.length === 0 || verdicts.some((verdict) => verdict !== 'supports')) return EXIT.inconclusive;
  return EXIT.supports;
}

/** The meaning of the codes, for help. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  supports: 'the evidence supports the claim',
  contradicts: 'it contradicts it',
  inconclusive: 'inconclusive',
  usage: 'wrong usage',
  environment: 'something is missing in the environment',
  interrupted: 'interrupted',
};
