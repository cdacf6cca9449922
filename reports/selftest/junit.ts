import { create } from 'xmlbuilder2';
import type { CellResult, CheckResult, SelftestReport } from '../../harness/model/selftest.ts';
import { oneLine, printable } from '../printable.ts';

type Element = ReturnType<typeof create>;

/** One test case: a check that a cell is about, or the cell as a whole. */
interface Case {
  readonly name: string;
  /** `error` is what could not be found out. */
  readonly outcome: 'ok' | 'failure' | 'error' | 'skipped';
  readonly message: string;
}

/**
 * `junit.xml` of a matrix: one test suite a cell, one test case for each check that the cell names and for each false alarm, and one for
 * the cell as a whole. A cell that could not be run is an error, one that was not run is skipped with its reason.
 */
export function writeSelftestJunit(report: SelftestReport): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const root = document.ele('testsuites');
  report.results.forEach((result, index) => {
    writeSuite(root, result, index, report);
  });
  return `${document.end({ prettyPrint: true })}\n`;
}

function writeSuite(root: Element, result: CellResult, index: number, report: SelftestReport): void {
  const { cell, seconds, startedAt } = result;
  const cases = casesOf(result);
  const count = (outcome: Case['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  const suite = root.ele('testsuite', {
    name: oneLine(`${cell.id}: ${cell.what}`),
    package: 'wirewitness.selftest',
    id: index,
    timestamp: startedAt.slice(0, 19),
    hostname: 'localhost',
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds.toFixed(3),
  });
  const properties = suite.ele('properties');
  properties.ele('property', { name: 'tool.version', value: oneLine(report.tool.version) });
  properties.ele('property', { name: 'extent', value: report.extent });
  for (const { name, outcome, message } of cases) {
    const testcase = suite.ele('testcase', {
      name: oneLine(name),
      classname: oneLine(`wirewitness.selftest.${cell.id.replaceAll('.', '_')}`),
      time: 0,
    });
    if (outcome === 'failure' || outcome === 'error')
      testcase.ele(outcome, { type: outcome, message: oneLine(message) }).txt(printable(message));
    if (outcome === 'skipped') testcase.ele('skipped', { message: oneLine(message) });
  }
  suite.ele('system-out').txt(printable(cases.map(({ name, outcome, message }) => `${name}: ${outcome}: ${message}`).join('\n')));
  suite.ele('system-err');
}

function casesOf({ state, verdict, checks, reason }: CellResult): Case[] {
  const whole = { name: 'the cell as a whole', message: reason || `verdict ${verdict}` };
  if (state === 'absent') return [{ ...whole, outcome: 'skipped' }];
  if (state === 'broken') return [{ ...whole, outcome: 'error' }];
  const named = checks.filter(({ outcome }) => outcome !== 'quiet' && outcome !== 'implied').map(caseOf);
  return [{ ...whole, outcome: reason === '' ? 'ok' : 'failure' }, ...named];
}

function caseOf({ id, outcome, verdict, reason }: CheckResult): Case {
  const told = `${verdict ?? 'unknown'}: ${reason}`;
  if (outcome === 'caught') return { name: `${id} turns red`, outcome: 'ok', message: told };
  if (outcome === 'missed') return { name: `${id} turns red`, outcome: 'failure', message: `missed, ${told}` };
  return { name: `${id} stays quiet`, outcome: 'failure', message: `false alarm, ${told}` };
}
