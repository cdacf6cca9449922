import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { writeSarif } from './sarif.ts';
import { hostileReport } from './testdata/hostile-report.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';
import { applyWaivers } from './waivers/apply-waivers.ts';

/** The public schema is not ours to ship: it is looked for beside the fixtures, or where this variable says. */
const SCHEMA =
  process.env.WIREWITNESS_SARIF_SCHEMA ?? fileURLToPath(new URL('../../shared/fixtures/sarif-schema-2.1.0.json', import.meta.url));

const REPORTS = { healthy: healthyReport(), sample: sampleReport(), hostile: hostileReport() };

test.for(Object.entries(REPORTS))('%s is valid against sarif-schema-2.1.0.json', ([, report], { skip }) => {
  skip(!existsSync(SCHEMA), 'sarif-schema-2.1.0.json is not in shared/fixtures, nor where WIREWITNESS_SARIF_SCHEMA says');
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  // It is of draft 4, whose `id` is `$id` since.
  const { $schema: _draft, id: _id, ...schema } = JSON.parse(readFileSync(SCHEMA, 'utf8'));
  const validate = ajv.compile(schema);
  validate(JSON.parse(writeSarif(report)));
  expect(validate.errors).toBeNull();
});

const text = z.strictObject({ text: z.string().min(1) });
/** Own schema of what this writer promises, from the text of the standard: nothing beside it is written. */
const logSchema = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          version: z.string(),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: text,
              fullDescription: text,
              help: text.extend({ markdown: z.string() }).optional(),
              defaultConfiguration: z.strictObject({ level: z.literal('error') }),
            }),
          ),
        }),
      }),
      automationDetails: z.strictObject({ id: z.string(), description: text }),
      invocations: z.tuple([
        z.strictObject({ executionSuccessful: z.boolean(), startTimeUtc: z.iso.datetime(), endTimeUtc: z.iso.datetime() }),
      ]),
      originalUriBaseIds: z.record(z.string(), z.strictObject({ description: text })),
      columnKind: z.literal('utf16CodeUnits'),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(['error', 'warning']),
          kind: z.literal('fail'),
          message: text,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({
                  uri: z.string().regex(/^recording(\/[\w.~!*'()%-]+)+$/),
                  uriBaseId: z.literal('REPORT'),
                }),
              }),
              message: text.optional(),
              logicalLocations: z
                .array(z.strictObject({ name: z.string().min(1), kind: z.string() }))
                .min(1)
                .optional(),
            }),
          ]),
          partialFingerprints: z.record(z.string(), z.string().regex(/^[0-9a-f]{32}$/)),
          suppressions: z
            .array(z.strictObject({ kind: z.literal('external'), status: z.literal('accepted'), justification: z.string() }))
            .optional(),
        }),
      ),
    }),
  ]),
});
const resultsOf = (json: string) => logSchema.parse(JSON.parse(json)).runs[0];

describe('SARIF', () => {
  test.each(Object.entries(REPORTS))('%s holds what is promised, and each result its rule', (_name, report) => {
    const { results, tool } = resultsOf(writeSarif(report));
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  });

  test('nothing is a result of a run in which all is well', () => expect(resultsOf(writeSarif(healthyReport())).results).toEqual([]));

  test('what contradicts is an error, what is inconclusive a warning, and a check without a verdict is one too', () => {
    const report = sampleReport();
    const levels = new Map(resultsOf(writeSarif(report)).results.map(({ ruleId, level }) => [ruleId, level]));
    expect(Object.fromEntries(levels)).toEqual({ 'WIR-01': 'error', 'XFR-06': 'error', 'PRE-05': 'warning' });
    const unjudged = resultsOf(writeSarif({ ...report, verdicts: [] })).results;
    expect(unjudged.map(({ ruleId }) => ruleId).sort()).toEqual(report.checks.map(({ id }) => id).sort());
  });

  test('a problem is recognised the next night: its fingerprint does not depend on figures', () => {
    const prints = (frames: string) => {
      const report = sampleReport();
      const verdicts = report.verdicts.map((one) => ({ ...one, facts: one.facts.map((fact) => ({ ...fact, text: `${frames} frames` })) }));
      return resultsOf(writeSarif({ ...report, verdicts })).results.map(({ partialFingerprints }) => partialFingerprints);
    };
    expect(prints('24')).toEqual(prints('7'));
  });

  test('an exception in force is a suppression, one that is about something else is none', () => {
    const report = sampleReport();
    const answer = { owner: 'team', reason: 'accepted for this test', expires: '2027-01-01' };
    const of = (check: string) => resultsOf(writeSarif(report, applyWaivers([{ check, wholeCheck: true, ...answer }], report))).results;
    const suppressed = (check: string) => of(check).flatMap(({ ruleId, suppressions }) => (suppressions === undefined ? [] : [ruleId]));
    expect(suppressed('XFR-06')).toEqual(['XFR-06']);
    expect(suppressed('CFG-01')).toEqual([]);
  });
});
