import { judge } from '../judge/judge.ts';
import { type CheckVerdict, type Finding, observedOf, reasonOf } from '../model/verdict.ts';

/** A finding whose facts, and whose observations, are each one text, which is easier to match. */
export type FindingText<T extends Finding = Finding> = Omit<T, 'observed'> & { readonly reason: string; readonly observed: string };

export type VerdictText = FindingText<CheckVerdict>;

export function findingText<T extends Finding>(finding: T): FindingText<T> {
  return { ...finding, reason: reasonOf(finding), observed: observedOf(finding) };
}

/** As {@link judge}, with each verdict as text. */
export async function judgeAsText(...input: Parameters<typeof judge>) {
  const judgement = await judge(...input);
  return { ...judgement, verdicts: judgement.verdicts.map(findingText) };
}
