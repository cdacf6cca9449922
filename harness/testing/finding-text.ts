import { judge } from '../judge/judge.ts';
import { type CheckVerdict, type Finding, observedOf, reasonOf } from '../model/verdict.ts';

/** A finding with its facts, and with what was seen, each as one text, which is easier to match. */
export type Told<T extends Finding = Finding> = Omit<T, 'observed'> & { readonly reason: string; readonly observed: string };

export type ToldVerdict = Told<CheckVerdict>;

export function told<T extends Finding>(finding: T): Told<T> {
  return { ...finding, reason: reasonOf(finding), observed: observedOf(finding) };
}

/** {@link judge}, its verdicts told. */
export async function judgeTold(...input: Parameters<typeof judge>) {
  const judgement = await judge(...input);
  return { ...judgement, verdicts: judgement.verdicts.map(told) };
}
