import { create } from 'xmlbuilder2';
import type { Report } from '../harness/model/report.ts';
import { plainFinding, reasonOf } from '../harness/model/verdict.ts';
import { oneLine, printable } from './printable.ts';
import { VERDICT_SIGNS } from './symbols.ts';
import { type CheckRow, NOTHING_STATED, type Topic, topicsOf } from './topics.ts';

type Element = ReturnType<typeof create>;

/**
 * `junit.xml`: one test suite a topic, one test case a check. `contradicts` is a failure, `inconclusive` an error, so
 * that no CI takes it for a pass; what was not exercised or does not apply is skipped with its reason. A run that was
 * interrupted or judged nothing gets a suite `RUN` with an error. Valid against the windyroad JUnit.xsd and Jenkins'
 * junit-10.xsd, which is why expected and observed stand in the suite's system-out: the former knows none in a test
 * case. Times are 0 and timestamps the recording's (UTC, no zone, as the former demands): same report, same bytes.
 */
export function writeJunit(report: Report): string {
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const root = document.ele('testsuites');
  [...topicsOf(report), ...runTopic(report)].forEach((topic, index) => {
    writeSuite(root, report, topic, index);
  });
  return `${document.end({ prettyPrint: true })}\n`;
}

function writeSuite(root: Element, report: Report, topic: Topic, index: number): void {
  const count = (...verdicts: string[]) => topic.rows.filter((row) => verdicts.includes(row.finding.verdict)).length;
  const suite = root.ele('testsuite', {
    name: oneLine(`${topic.id} ${topic.title}`),
    package: `wirewitness.${report.intent.mode}`,
    id: index,
    timestamp: timestamp(report.run.startedAt.utc),
    hostname: oneLine(report.environment.cluster.name) || 'localhost',
    tests: topic.rows.length,
    failures: count('contradicts'),
    errors: count('inconclusive'),
    skipped: count('not-exercised', 'not-applicable'),
    time: 0,
  });
  const properties = suite.ele('properties');
  for (const [name, value] of propertiesOf(report)) properties.ele('property', { name: oneLine(name), value: oneLine(value) });
  for (const row of topic.rows) writeCase(suite, report, topic, row);
  suite.ele('system-out').txt(topic.rows.map(account).join('\n'));
  suite.ele('system-err');
}

function writeCase(suite: Element, report: Report, topic: Topic, { statement, finding }: CheckRow): void {
  const testcase = suite.ele('testcase', {
    name: oneLine(`${finding.id} ${statement.must}`),
    classname: oneLine(`wirewitness.${report.intent.mode}.${topic.id}`),
    time: 0,
  });
  const message = oneLine(reasonOf(finding)) || `no reason was given for ${finding.verdict}`;
  const body = account({ statement, finding });
  switch (finding.verdict) {
    case 'supports':
      break;
    case 'contradicts':
      testcase.ele('failure', { type: 'contradicts', message }).txt(body);
      break;
    case 'inconclusive':
      testcase.ele('error', { type: 'inconclusive', message }).txt(body);
      break;
    case 'not-exercised':
    case 'not-applicable':
      testcase.ele('skipped', { message: `${VERDICT_SIGNS[finding.verdict].word}: ${message}` });
  }
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
  return `${printable(lines.join('\n'))}\n`;
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

function runTopic(report: Report): Topic[] {
  const problems: string[] = [];
  if (!report.run.complete) problems.push(`the recording is incomplete: ${report.run.note || 'no reason was recorded'}`);
  if (report.verdicts.length === 0) problems.push('no check was judged');
  if (problems.length === 0) return [];
  const statement = { ...NOTHING_STATED, id: 'RUN-01', must: 'The run is complete and was judged', evidence: 'manifest.json' };
  const finding = {
    id: 'RUN-01',
    ...plainFinding('inconclusive', '', 'a complete recording and at least one verdict', ['manifest.json']),
    facts: problems.map((text) => ({ text })),
  };
  return [{ id: 'RUN', title: 'The run', rows: [{ statement, finding }] }];
}

/** `2026-01-02T03:04:05`: the recording's UTC start to the second. Throws a RangeError on what is no time. */
function timestamp(utc: string): string {
  const time = new Date(utc);
  if (Number.isNaN(time.getTime())) throw new RangeError(`run.startedAt.utc is no ISO 8601 time: ${JSON.stringify(utc)}`);
  return time.toISOString().slice(0, 19);
}
