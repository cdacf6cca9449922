import { expect, inject, test } from 'vitest';
import { catalogue } from '../judge/catalogue.ts';
import { type Judgement, judge } from '../judge/judge.ts';
import type { CheckVerdict } from '../model/verdict.ts';
import { openRecording } from '../record/open-recording.ts';
import './vitest-context.ts';

const judgements = new Map<string, Promise<Judgement>>();

/** Judge a recording once for all suites of a run: reading the captures is the costly part. */
function judgementOf(folder: string): Promise<Judgement> {
  const known = judgements.get(folder);
  if (known !== undefined) return known;
  const fresh = openRecording(folder).then((recording) => judge(recording));
  judgements.set(folder, fresh);
  return fresh;
}

/**
 * A test that stands for one check: it passes when the recording supports it, fails when it contradicts it or proves
 * nothing, and is skipped with the reason when the check was not exercised or does not apply.
 *
 * @param statement what must hold, as the suite's reader sees it
 */
export function witness(id: string, statement: string): void {
  const known = catalogue.some((check) => check.id === id);
  test(`${id} ${statement}`, { retry: 0, timeout: 600_000 }, async ({ task, skip }) => {
    expect(known, `${id} is not in the catalogue`).toBe(true);
    const { verdicts } = await judgementOf(inject('recording'));
    const verdict = verdicts.find((v) => v.id === id);
    expect(verdict, `${id} was not judged`).toBeDefined();
    const found = verdict as CheckVerdict;
    task.meta.verdict = found;
    skip(found.verdict === 'not-exercised' || found.verdict === 'not-applicable', found.reason);
    expect(found.verdict, `${found.reason}\nexpected: ${found.expected}\nobserved: ${found.observed}`).toBe('supports');
  });
}
