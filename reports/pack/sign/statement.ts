import { canonicalJson } from '../../../harness/model/canonical-json.ts';
import type { Report } from '../../../harness/model/report.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';

const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1';
const PREDICATE_TYPE = 'https://in-toto.io/attestation/test-result/v0.1';

/** A file with its SHA-256, as in-toto names it. */
export interface Subject {
  readonly name: string;
  readonly sha256: string;
}

/** The result of a verdict in the terms of the test-result predicate. */
export function resultOf(verdict: Verdict): 'PASSED' | 'FAILED' {
  return verdict === 'supports' ? 'PASSED' : 'FAILED';
}

/**
 * The in-toto statement that is signed: the test-result predicate over the pack's list of files.
 *
 * The format knows PASSED, WARNED and FAILED. Only what supports the claim is passed. WARNED means passed with a warning, so
 * what is inconclusive is failed here: a policy that reads this must not take missing evidence for a pass. Checks that do not
 * apply or were not exercised are in no list. Our own words stand in `wirewitness`, a field that the format lets others ignore.
 */
export function statementOf(report: Report, subjects: readonly Subject[], plan: Subject): string {
  const named = (...verdicts: Verdict[]): string[] =>
    report.verdicts
      .filter(({ verdict }) => verdicts.includes(verdict))
      .map(({ id }) => id)
      .sort();
  return canonicalJson({
    _type: STATEMENT_TYPE,
    subject: subjects.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    predicateType: PREDICATE_TYPE,
    predicate: {
      result: resultOf(report.verdict),
      configuration: [{ name: plan.name, digest: { sha256: plan.sha256 } }],
      passedTests: named('supports'),
      warnedTests: [],
      failedTests: named('contradicts', 'inconclusive'),
      wirewitness: {
        run: report.run.id,
        verdict: report.verdict,
        environmentClass: report.environment.class,
        tool: report.tool,
        recordedFrom: report.run.startedAt.utc,
        recordedTo: report.run.endedAt.utc,
        inconclusive: named('inconclusive'),
        notExercised: named('not-exercised'),
        notApplicable: named('not-applicable'),
      },
    },
  });
}
