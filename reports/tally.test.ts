import { expect, test } from 'vitest';
import type { Report, ReportedCheck } from '../harness/model/report.ts';
import { plainFinding, type Verdict } from '../harness/model/verdict.ts';
import { tallyOf, tallyWords } from './tally.ts';
import { healthyReport } from './testdata/sample-report.ts';

const base = healthyReport();

/** A report of checks with these verdicts; `rotation` is a check of that scenario alone, in a run that is steady. */
function reportOf(...verdicts: readonly (Verdict | 'rotation')[]): Report {
  const ids = verdicts.map((_, index) => `WIR-${index + 1}`);
  const checks = verdicts.map(
    (verdict, index): ReportedCheck => ({
      ...{ ...base.checks[0]!, id: ids[index]! },
      ...(verdict === 'rotation' ? { scenarios: ['rotation'] } : {}),
    }),
  );
  const found = verdicts.map((verdict, index) => ({
    id: ids[index]!,
    ...plainFinding(verdict === 'rotation' ? 'not-exercised' : verdict, 'seen', 'it'),
  }));
  return { ...base, checks, verdicts: found };
}

const wordsOf = (verdict: Verdict, report: Report) => tallyWords(tallyOf(report), verdict);

test('what does not apply counts neither for nor against', () => {
  const report = reportOf('supports', 'supports', 'rotation', 'rotation', 'not-exercised', 'not-applicable');
  expect(wordsOf('supports', report)).toBe(
    '2 of 2 checks that apply support it; 2 need another scenario; 1 had nothing to judge in this run; 1 does not apply',
  );
});

test.each([
  [
    'contradicts',
    reportOf('contradicts', 'inconclusive', 'supports'),
    '1 of 3 checks that apply contradicts it, 1 could not be decided, 1 supports it',
  ],
  ['inconclusive', reportOf('supports', 'inconclusive'), '1 of 2 checks that apply supports it, 1 could not be decided'],
  ['supports', reportOf('supports'), '1 of 1 check that applies supports it'],
  ['inconclusive', reportOf(), '0 of 0 checks that apply support it'],
] as const)('%s: %#', (verdict, report, words) => {
  expect(wordsOf(verdict, report)).toBe(words);
});

test('a check of this scenario that was not exercised does not need another one', () => {
  const report = reportOf('rotation');
  const tally = tallyOf({ ...report, run: { ...report.run, scenario: 'rotation' } });
  expect([tally.otherScenario, tally.idle]).toEqual([0, 1]);
});

test('a stated check without a verdict could not be decided', () => {
  const report = reportOf('supports', 'supports');
  expect(tallyOf({ ...report, verdicts: report.verdicts.slice(1) }).verdicts.inconclusive).toBe(1);
});
