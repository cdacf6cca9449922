import type { Verdict } from '../model/verdict.ts';

/** What the process says to its caller; the only list of exit codes. `diff` says by 1 and 2 what became worse and what is no longer shown. */
export const EXIT = { supports: 0, contradicts: 1, inconclusive: 2, usage: 3, environment: 4, interrupted: 130 } as const;

/** A set of verdicts as one exit code: the worst wins, and nothing at all is inconclusive. */
export function exitCodeFor(verdicts: readonly Verdict[]): number {
  if (verdicts.includes('contradicts')) return EXIT.contradicts;
  if (verdicts.length === 0 || verdicts.some((verdict) => verdict !== 'supports')) return EXIT.inconclusive;
  return EXIT.supports;
}

/** The codes in words, for help. */
export const EXIT_MEANINGS: Readonly<Record<keyof typeof EXIT, string>> = {
  supports: 'the evidence supports the claim',
  contradicts: 'it contradicts it',
  inconclusive: 'inconclusive',
  usage: 'wrong usage',
  environment: 'the environment lacks something',
  interrupted: 'interrupted',
};
