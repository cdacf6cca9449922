import type { Report } from '../harness/model/report.ts';
import { plainFinding, reasonOf, type Verdict } from '../harness/model/verdict.ts';
import { type JunitCase, type JunitSuite, junitDocument } from './junit-document.ts';
import { recordedSteps } from './recorded-steps.ts';
import { VERDICT_SIGNS } from './symbols.ts';
import { type CheckRow, NOTHING_STATED, type Topic, topicsOf } from './topics.ts';
import { type AppliedWaivers, NO_WAIVERS, waiverLines } from './waivers/apply-waivers.ts';
import { waiverSubject } from './waivers/waiver.ts';

const RUN: Topic = { id: 'RUN', title: 'The run', rows: [] };

/**
 * `junit.xml`: one test suite a topic, one test case a check. `contradicts` is a failure, `inconclusive` an error, so
 * that no CI takes it for a pass; what was not exercised or does not apply is skipped with its reason. The first suite is the recording:
 * an error where it was interrupted or nothing was judged, then its steps with their times. Checks are judged afterwards, from the
 * recording alone, and have no time of their own. Expected and observed stand in the suite's system-out: JUnit.xsd knows none in a test
 * case. A waiver in force stands in the text of its case and in the properties; the case stays what the verdict says. Times and timestamps
 * are the recording's (UTC, no zone): same report, same bytes.
 */
export function writeJunit(report: Report, held: AppliedWaivers = NO_WAIVERS): string {
  const suite = (topic: Topic, utc: string) => ({
    name: `${topic.id} ${topic.title}`,
    package: `wirewitness.${report.intent.mode}`,
    timestamp: timestamp(utc),
    hostname: report.environment.cluster.name,
    properties: [...propertiesOf(report), ...waiverProperties(held)],
  });
  const { startedAt, endedAt } = report.run;
  return junitDocument([
    { ...suite(RUN, startedAt.utc), ...runSuite(report) },
    ...topicsOf(report).map((topic) => ({
      ...suite(topic, endedAt.utc),
      seconds: 0,
      cases: topic.rows.map((row) => caseOf(report, topic, row, waiverLines(held, row.finding.id))),
      output: topic.rows.map(account).join('\n'),
    })),
  ]);
}

const OUTCOMES: Readonly<Record<Verdict, JunitCase['outcome']>> = {
  supports: 'passed',
  contradicts: 'failure',
  inconclusive: 'error',
  'not-exercised': 'skipped',
  'not-applicable': 'skipped',
};

function caseOf(report: Report, topic: Topic, row: CheckRow, exceptions: readonly string[]): JunitCase {
  const { verdict } = row.finding;
  const outcome = OUTCOMES[verdict];
  const reason = reasonOf(row.finding) || `no reason was given for ${verdict}`;
  return {
    name: `${row.finding.id} ${row.statement.must}`,
    className: `wirewitness.${report.intent.mode}.${topic.id}`,
    outcome,
    type: verdict,
    message: outcome === 'skipped' ? `${VERDICT_SIGNS[verdict].word}: ${reason}` : reason,
    seconds: 0,
    text: [account(row), ...exceptions.map((line) => `  waiver:   ${line}\n`)].join(''),
  };
}

function account({ statement, finding }: CheckRow): string {
  const lines = [
    `${finding.id} ${VERDICT_SIGNS[finding.verdict].word}`,
    ...finding.facts.map(({ text }) => `  fact:     ${text}`),
    ...(finding.omitted > 0 ? [`  fact:     and ${finding.omitted} more, counted and not named`] : []),
    ...finding.notes.map((note) => `  note:     ${note}`),
    `  check:    ${statement.must}`,
    `  expected: ${finding.expected}`,
    ...finding.observed.map((item) => `  observed: ${item}`),
    ...finding.evidence.map((path) => `  evidence: recording/${path}`),
    ...(statement.controls.length === 0 ? [] : [`  controls: ${statement.controls.join(', ')}`]),
    ...(finding.verdict === 'contradicts' || finding.verdict === 'inconclusive' ? remedyOf(statement) : []),
  ];
  return `${lines.join('\n')}\n`;
}

function remedyOf({ remedy }: CheckRow['statement']): string[] {
  return remedy === '' ? [] : [`  remedy:   ${remedy}`];
}

function propertiesOf(report: Report): [string, string][] {
  const { run, tool, intent, environment } = report;
  return [
    ['run.id', run.id],
    ['run.scenario', run.scenario],
    ['run.fault', run.fault ?? 'none'],
    ['run.complete', String(run.complete)],
    ['verdict', report.verdict],
    ['environment.class', environment.class],
    ['cluster.name', environment.cluster.name],
    ['cluster.provider', environment.cluster.provider],
    ['tool.version', tool.version],
    ['tool.node', tool.node],
    ...Object.entries(intent).map(([key, value]): [string, string] => [`intent.${key}`, String(value)]),
    ...Object.entries(environment.cluster.versions)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]): [string, string] => [`version.${key}`, value]),
  ];
}

function waiverProperties({ waivers }: AppliedWaivers): [string, string][] {
  return waivers.map(({ waiver, state }, index) => [
    `waiver.${index + 1}`,
    `${state}: ${waiverSubject(waiver)}: ${waiver.owner}, until ${waiver.expires}: ${waiver.reason}`,
  ]);
}

/** The suite of the recording itself: whether it is complete and was judged, then its steps with their times. */
function runSuite(report: Report): Pick<JunitSuite, 'cases' | 'output' | 'seconds'> {
  const problems: string[] = [];
  if (!report.run.complete) problems.push(`the recording is incomplete: ${report.run.note || 'no reason was recorded'}`);
  if (report.verdicts.length === 0) problems.push('no check was judged');
  const whole = { ...NOTHING_STATED, id: 'RUN-01', must: 'The run is complete and was judged', evidence: 'manifest.json' };
  const facts = problems.length === 0 ? ['the recording is complete and was judged'] : problems;
  const finding = {
    id: 'RUN-01',
    ...plainFinding(problems.length === 0 ? 'supports' : 'inconclusive', '', 'a complete recording and at least one verdict', [
      'manifest.json',
    ]),
    facts: facts.map((text) => ({ text })),
  };
  const row = { statement: whole, finding };
  const steps = recordedSteps(report);
  return {
    cases: [
      caseOf(report, RUN, row, []),
      ...steps.map(
        ({ name, seconds }, index): JunitCase => ({
          name: `step ${index + 1} of ${steps.length}: ${name}`,
          className: `wirewitness.${report.intent.mode}.${RUN.id}`,
          outcome: 'passed',
          message: '',
          text: '',
          seconds,
        }),
      ),
    ],
    output: account(row),
    seconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

/** `2026-01-02T03:04:05`: the recording's UTC start to the second. Throws a RangeError for an invalid time. */
function timestamp(utc: string): string {
  const time = new Date(utc);
  if (Number.isNaN(time.getTime())) throw new RangeError(`run.startedAt.utc is no ISO 8601 time: ${JSON.stringify(utc)}`);
  return time.toISOString().slice(0, 19);
}
