import type { CellResult, CheckResult, SelftestReport } from '../../harness/model/selftest.ts';
import { type JunitCase, type JunitSuite, junitDocument } from '../junit-document.ts';

/** One test case: a check that a cell names, or the cell as a whole. */
interface Case {
  readonly name: string;
  /** `error`: no result. */
  readonly outcome: JunitCase['outcome'];
  readonly message: string;
}

/**
 * `junit.xml` of a matrix: one test suite a cell, one test case for each check that the cell names and for each false alarm, and one for
 * the cell as a whole. A cell that could not be run is an error, one that was not run is skipped with its reason.
 */
export function writeSelftestJunit(report: SelftestReport): string {
  return junitDocument(report.results.map((result) => suiteOf(result, report)));
}

function suiteOf(result: CellResult, report: SelftestReport): JunitSuite {
  const { cell, seconds, startedAt } = result;
  const cases = casesOf(result);
  const className = `wirewitness.selftest.${cell.id.replaceAll('.', '_')}`;
  return {
    name: `${cell.id}: ${cell.what}`,
    package: 'wirewitness.selftest',
    timestamp: startedAt.slice(0, 19),
    hostname: 'localhost',
    seconds: Number(seconds.toFixed(3)),
    properties: [
      ['tool.version', report.tool.version],
      ['extent', report.extent],
    ],
    cases: cases.map((one) => ({ ...one, className, text: one.message, seconds: 0 })),
    output: cases.map(({ name, outcome, message }) => `${name}: ${outcome}: ${message}`).join('\n'),
  };
}

function casesOf({ state, verdict, checks, reason }: CellResult): Case[] {
  const whole = { name: 'the cell as a whole', message: reason || `verdict ${verdict}` };
  if (state === 'absent') return [{ ...whole, outcome: 'skipped' }];
  if (state === 'broken') return [{ ...whole, outcome: 'error' }];
  const named = checks.filter(({ outcome }) => outcome !== 'quiet' && outcome !== 'implied').map(caseOf);
  return [{ ...whole, outcome: reason === '' ? 'passed' : 'failure' }, ...named];
}

function caseOf({ id, outcome, verdict, reason }: CheckResult): Case {
  const result = `${verdict ?? 'unknown'}: ${reason}`;
  if (outcome === 'caught') return { name: `${id} turns red`, outcome: 'passed', message: result };
  if (outcome === 'missed') return { name: `${id} turns red`, outcome: 'failure', message: `missed, ${result}` };
  return { name: `${id} stays quiet`, outcome: 'failure', message: `false alarm, ${result}` };
}
