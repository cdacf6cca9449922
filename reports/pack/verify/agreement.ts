import type { Verdict } from '../../../harness/model/verdict.ts';
import { MANIFEST, PLAN, REPORT, SIGNATURE } from '../layout.ts';
import { PackRefusal } from '../refusal.ts';
import { resultOf } from '../sign/statement.ts';
import type { ReadManifest, ReadReport, ReadStatement } from './documents.ts';

/**
 * The signed statement, the manifest and the report say the same of the run: its name, where it ran, its verdict and that of each check.
 * Programs read the first, people the last.
 * @throws PackRefusal naming the document and what both say
 */
export function checkAgreement({ predicate }: ReadStatement, manifest: ReadManifest, report: ReadReport): void {
  const claim = predicate.wirewitness;
  const same = (document: string, what: string, found: string, stated: string): void => {
    if (found !== stated) throw new PackRefusal(document, `its ${what} is ${found}, in the signed statement it is ${stated}`);
  };
  same(MANIFEST, 'run', manifest.run.id, claim.run);
  same(MANIFEST, 'verdict', manifest.verdict, claim.verdict);
  same(MANIFEST, 'environment', manifest.environmentClass, claim.environmentClass);
  same(MANIFEST, `digest of ${PLAN}`, manifest.plan.sha256, predicate.configuration[0].digest.sha256);
  same(MANIFEST, `listed digest of ${PLAN}`, listedDigest(manifest, PLAN), manifest.plan.sha256);
  same(REPORT, 'run', report.run.id, claim.run);
  same(REPORT, 'verdict', report.verdict, claim.verdict);
  same(REPORT, 'environment', report.environment.class, claim.environmentClass);
  const named = (...verdicts: Verdict[]): string =>
    listOf(report.verdicts.filter(({ verdict }) => verdicts.includes(verdict)).map(({ id }) => id));
  same(REPORT, 'list of passed checks', named('supports'), listOf(predicate.passedTests));
  same(REPORT, 'list of failed checks', named('contradicts', 'inconclusive'), listOf(predicate.failedTests));
  same(REPORT, 'list of inconclusive checks', named('inconclusive'), listOf(claim.inconclusive));
  same(REPORT, 'list of checks that were not exercised', named('not-exercised'), listOf(claim.notExercised));
  same(REPORT, 'list of checks that do not apply', named('not-applicable'), listOf(claim.notApplicable));
  if (predicate.result !== resultOf(claim.verdict))
    throw new PackRefusal(SIGNATURE.statement, `its result is ${predicate.result} beside the verdict ${claim.verdict}`);
  if (predicate.result === 'PASSED' && predicate.failedTests.length > 0)
    throw new PackRefusal(
      SIGNATURE.statement,
      `its result is PASSED beside failed checks: ${predicate.failedTests.slice(0, 5).join(', ')}`,
    );
}

/** A duplicate check makes the list different. */
function listOf(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : [...ids].sort().join(' ');
}

function listedDigest({ evidence }: ReadManifest, path: string): string {
  return evidence.find((item) => item.path === path)?.sha256 ?? 'absent';
}
