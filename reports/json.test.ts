import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { writeReportJson } from './json.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const ajv = new Ajv2020({ allErrors: true, strict: true });
addFormats.default(ajv);
// Formats of zod that JSON Schema does not name: the patterns beside them say the same.
for (const format of ['cidrv4', 'cidrv6']) ajv.addFormat(format, true);
const validate = ajv.compile(JSON.parse(readFileSync(new URL('../docs/report.schema.json', import.meta.url), 'utf8')));

test.each([
  ['sample', sampleReport()],
  ['healthy', healthyReport()],
])('%s is valid against the published schema', (_name, report) => {
  validate(JSON.parse(writeReportJson(report)));
  expect(validate.errors).toBeNull();
});

test('the schema refuses an unknown verdict, a missing part and no limits', () => {
  const report = JSON.parse(writeReportJson(sampleReport()));
  expect(validate({ ...report, verdict: 'compliant' })).toBe(false);
  expect(validate({ ...report, flows: undefined })).toBe(false);
  expect(validate({ ...report, limits: [] })).toBe(false);
});

test('the bytes do not depend on the order in which the report was put together', () => {
  const report = sampleReport();
  const shuffled: typeof report = Object.assign(Object.fromEntries(Object.entries(report).reverse()), {
    ...report,
    verdicts: [...report.verdicts].reverse(),
    checks: [...report.checks].reverse(),
    flows: [...report.flows].reverse(),
    ledger: Object.fromEntries(Object.entries(report.ledger).reverse()),
  });
  expect(writeReportJson(shuffled)).toBe(writeReportJson(report));
  expect(writeReportJson(report)).toMatch(/^\{\n {2}"schema": 2,[\s\S]*\}\n$/);
});

test('nothing is lost', () => {
  const report = sampleReport();
  expect(JSON.parse(writeReportJson(report))).toMatchObject({ run: report.run, ledger: report.ledger, timeline: report.timeline });
});

test('a value JSON cannot carry is named with its place', () => {
  const report = sampleReport();
  const bad = { ...report, timeline: [{ ...report.timeline[0]!, detail: { rate: Number.NaN } }] };
  expect(() => writeReportJson(bad)).toThrow('report.timeline[0].detail.rate is NaN');
});
