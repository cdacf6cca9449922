import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { writeJunit } from './junit.ts';
import { hostileReport } from './testdata/hostile-report.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

/** The two public schemas are not ours to ship: they are looked for beside the fixtures, or where this variable says. */
const SCHEMAS = process.env.WIREWITNESS_JUNIT_XSD ?? fileURLToPath(new URL('../../shared/fixtures/junit-xsd/', import.meta.url));

const interrupted = { ...sampleReport(), run: { ...sampleReport().run, complete: false, note: 'SIGINT' } };
const REPORTS = {
  sample: sampleReport(),
  healthy: healthyReport(),
  hostile: hostileReport(),
  interrupted,
  empty: { ...interrupted, verdicts: [], checks: [] },
};

describe.each(['JUnit.xsd', 'junit-10.xsd'])('valid against %s', (schema) => {
  test.for(Object.entries(REPORTS))('%s', async ([, report], { skip }) => {
    const file = `${SCHEMAS}/${schema}`;
    skip(!existsSync(file), `${schema} is not in shared/fixtures/junit-xsd, nor where WIREWITNESS_JUNIT_XSD says`);
    const result = await validateXML({ xml: writeJunit(report), schema: readFileSync(file, 'utf8') });
    expect(result.errors).toEqual([]);
    expect(result.valid).toBe(true);
  });
});

describe('the constraints both schemas share', () => {
  test.each(Object.entries(REPORTS))('%s: well formed, suites complete, children in order', async (_name, report) => {
    const xml = writeJunit(report);
    expect((await validateXML({ xml, schema: ORDER })).errors).toEqual([]);
    for (const [, at] of xml.matchAll(/timestamp="([^"]*)"/g)) expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
  });
});

test('contradicts is a failure, inconclusive an error, the rest skipped with the reason', () => {
  const xml = writeJunit(sampleReport());
  expect(xml).toContain('<failure message="node1 has no out policy to 10.0.2.0/24 (node2)" type="contradicts">');
  expect(xml).toContain('<error message="No clock sample from node3 after the traffic" type="inconclusive">');
  expect(xml).toContain('<skipped message="not exercised: Scenario steady drives no packet above the MTU"/>');
  expect(xml).toContain('<skipped message="not applicable: The intent is IPsec"/>');
  expect(xml.match(/<testcase [^>]*name="[A-Z]{3}-\d\d /g)).toHaveLength(13);
});

test('a check without a verdict is an error, and so is a run that judged nothing', () => {
  const report = sampleReport();
  expect(writeJunit({ ...report, verdicts: report.verdicts.slice(1) })).toContain('No verdict was recorded for PRE-01');
  expect(writeJunit({ ...report, checks: [], verdicts: [] })).toMatch(/tests="5" failures="0" errors="1"/);
});

test('the recording is the first suite, and its steps take the time that it took', () => {
  const report = sampleReport();
  const [, suite = ''] = /<testsuite name="RUN The run"([\s\S]*?)<\/testsuite>/.exec(writeJunit(report)) ?? [];
  const times = [...suite.matchAll(/<testcase [^>]*time="([\d.]+)"/g)].map(([, time]) => Number(time));
  const whole = (report.run.endedAt.monotonicMs - report.run.startedAt.monotonicMs) / 1000;
  expect(whole).toBeGreaterThan(1);
  expect(suite).toContain(`time="${whole}"`);
  expect(times.reduce((sum, time) => sum + time, 0)).toBeCloseTo(whole, 2);
  expect(times.filter((time) => time > 0).length).toBeGreaterThan(2);
});

test('a journal that goes back in time, or says no time, gives no negative time', () => {
  const report = sampleReport();
  const odd = (ms: number) => report.timeline.map((event) => ({ ...event, at: { ...event.at, monotonicMs: ms } }));
  for (const timeline of [odd(-1e6), odd(Number.NaN), odd(1e12)])
    expect(writeJunit({ ...report, timeline })).not.toMatch(/time="(-|NaN|Infinity)/);
});

test('what XML cannot carry is shown by its code', () => {
  const xml = writeJunit(hostileReport());
  expect(xml).toContain('[U+001B]');
  expect(xml).toContain('[U+0000]');
  expect(xml).toContain('[U+D800]');
  expect(xml).not.toContain('<script>');
});

test('the same report gives the same bytes', () => {
  expect(writeJunit(sampleReport())).toBe(writeJunit(sampleReport()));
});

/** Own schema of what this writer promises: stricter than either public one in the order and number of children. */
const ORDER = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:complexType name="outcome"><xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="message" use="required"/><xs:attribute name="type"/></xs:extension></xs:simpleContent></xs:complexType>
<xs:element name="testsuites"><xs:complexType><xs:sequence><xs:element name="testsuite" maxOccurs="unbounded"><xs:complexType><xs:sequence>
<xs:element name="properties"><xs:complexType><xs:sequence><xs:element name="property" maxOccurs="unbounded"><xs:complexType><xs:attribute name="name" use="required"/><xs:attribute name="value" use="required"/></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
<xs:element name="testcase" maxOccurs="unbounded"><xs:complexType><xs:choice minOccurs="0"><xs:element name="failure" type="outcome"/><xs:element name="error" type="outcome"/><xs:element name="skipped" type="outcome"/></xs:choice>
<xs:attribute name="name" use="required"/><xs:attribute name="classname" use="required"/><xs:attribute name="time" type="xs:decimal" use="required"/></xs:complexType></xs:element>
<xs:element name="system-out" type="xs:string"/><xs:element name="system-err" type="xs:string"/></xs:sequence>
<xs:attribute name="name" use="required"/><xs:attribute name="package" use="required"/><xs:attribute name="id" type="xs:int" use="required"/><xs:attribute name="timestamp" type="xs:dateTime" use="required"/><xs:attribute name="hostname" use="required"/>
<xs:attribute name="tests" type="xs:int" use="required"/><xs:attribute name="failures" type="xs:int" use="required"/><xs:attribute name="errors" type="xs:int" use="required"/><xs:attribute name="skipped" type="xs:int" use="required"/><xs:attribute name="time" type="xs:decimal" use="required"/>
</xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>`;
