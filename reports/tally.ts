import type { Report } from '../harness/model/report.ts';
import type { Verdict } from '../harness/model/verdict.ts';
import { topicsOf } from './topics.ts';

/** How many checks got each verdict, and how many of those that were not exercised another scenario would exercise. */
export interface CheckTally {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Checks with one of the verdicts supports, contradicts, inconclusive. */
  readonly applying: number;
  /** Not exercised, because this run's scenario is none of the check's. */
  readonly otherScenario: number;
  /** Not exercised for another reason: the run did not have what it judges, or the cluster cannot provide it. */
  readonly idle: number;
}

/** The checks of a report, counted. A listed check without a verdict is inconclusive. */
export function tallyOf(report: Pick<Report, 'checks' | 'verdicts' | 'run'>): CheckTally {
  const verdicts = { supports: 0, contradicts: 0, inconclusive: 0, 'not-exercised': 0, 'not-applicable': 0 };
  let otherScenario = 0;
  for (const { rows } of topicsOf(report)) {
    for (const { statement, finding } of rows) {
      verdicts[finding.verdict]++;
      const { scenario } = report.run;
      // With `observe` nothing is missing: the others did nothing that the check judges.
      const scenarios = scenario === 'observe' ? [scenario] : (statement.scenarios ?? [scenario]);
      if (finding.verdict === 'not-exercised' && !scenarios.includes(scenario)) otherScenario++;
    }
  }
  const applying = verdicts.supports + verdicts.contradicts + verdicts.inconclusive;
  return { verdicts, applying, otherScenario, idle: verdicts['not-exercised'] - otherScenario };
}

/** The counts as text; checks that do not apply are counted separately: `41 of 41 checks that apply support it; 9 do not apply`. */
export function tallyWords(tally: CheckTally, verdict: Verdict): string {
  const { supports, contradicts, inconclusive } = tally.verdicts;
  const of = `of ${tally.applying} ${tally.applying === 1 ? 'check that applies' : 'checks that apply'}`;
  const supporting = `${supports} ${of} ${supports === 1 ? 'supports' : 'support'} it`;
  const open = inconclusive === 0 ? [] : [`${inconclusive} could not be decided`];
  const parts =
    verdict === 'contradicts'
      ? [
          `${contradicts} ${of} ${contradicts === 1 ? 'contradicts' : 'contradict'} it`,
          ...open,
          `${supports} ${supports === 1 ? 'supports' : 'support'} it`,
        ]
      : [supporting, ...open];
  return [parts.join(', '), ...restWords(tally)].join('; ');
}

function restWords({ verdicts, otherScenario, idle }: CheckTally): string[] {
  return [
    ...(otherScenario === 0 ? [] : [`${otherScenario} ${otherScenario === 1 ? 'needs' : 'need'} another scenario`]),
    ...(idle === 0 ? [] : [`${idle} had nothing to judge in this run`]),
    ...(verdicts['not-applicable'] === 0
      ? []
      : [`${verdicts['not-applicable']} ${verdicts['not-applicable'] === 1 ? 'does' : 'do'} not apply`]),
  ];
}
