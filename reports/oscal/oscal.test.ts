import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { plainFinding } from '../../harness/model/verdict.ts';
import { controlMatrix } from '../controls/control-matrix.ts';
import { loadFrameworks } from '../controls/load-frameworks.ts';
import type { ControlMatrix } from '../controls/rows.ts';
import { hostileReport } from '../testdata/hostile-report.ts';
import { healthyReport, sampleReport } from '../testdata/sample-report.ts';
import { assessmentPlan, writeAssessmentPlan } from './assessment-plan.ts';
import { assessmentResults, PLAN_FILE, writeAssessmentResults } from './assessment-results.ts';

const ajv = new Ajv({ allErrors: true, strict: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync(new URL('../testdata/oscal-1.1.3.schema.json', import.meta.url), 'utf8')));

const frameworks = await loadFrameworks();
const SCOPE = { nist80053: true, paymentCardData: true, dataOverOpenNetworks: true, soc2Scope: false };
const matrixOf = (report: Report, scope: Readonly<Record<string, boolean>> = SCOPE): ControlMatrix =>
  controlMatrix(report, frameworks, scope);

function production(report: Report = healthyReport()): Report {
  return { ...report, environment: { ...report.environment, class: 'production-readonly' } };
}

const resultsOf = (report: Report) => assessmentResults(report, matrixOf(report))['assessment-results'];

describe('valid against the schema of OSCAL 1.1.3', () => {
  test.each([
    ['healthy', healthyReport()],
    ['in production', production()],
    ['with a fault, so that nothing is tested', sampleReport()],
    ['contradicted', { ...sampleReport(), run: healthyReport().run }],
    ['with hostile texts', hostileReport()],
    ['without checks', { ...healthyReport(), checks: [], verdicts: [] }],
  ])('%s', (_, report) => {
    const matrix = matrixOf(report);
    for (const written of [writeAssessmentResults(report, matrix), writeAssessmentPlan(report, matrix)]) {
      validate(JSON.parse(written));
      expect(validate.errors).toBeNull();
    }
  });

  test('which refuses what is not', () => {
    const document = JSON.parse(writeAssessmentResults(healthyReport(), matrixOf(healthyReport())));
    document['assessment-results'].results[0].start = 'yesterday';
    expect(validate(document)).toBe(false);
  });
});

describe('references', () => {
  const report = production();
  const results = resultsOf(report);
  const plan = assessmentPlan(report, matrixOf(report))['assessment-plan'];

  test('every observation that a finding names is in its result', () => {
    let named = 0;
    for (const { observations = [], findings = [] } of results.results) {
      const there = new Set(observations.map(({ uuid }) => uuid));
      for (const finding of findings)
        for (const related of finding['related-observations']) {
          named++;
          expect(there).toContain(related['observation-uuid']);
        }
    }
    expect(named).toBeGreaterThan(10);
  });

  test('objectives that no catalog has are defined in the documents', () => {
    const local = new Set(results['local-definitions']?.['objectives-and-methods'].flatMap(({ parts }) => parts.map(({ id }) => id)));
    const targets = results.results.flatMap(({ findings = [] }) => findings.map(({ target }) => target['target-id']));
    expect(targets).toContain('sc-8.1_obj');
    expect(targets).toContain('pci-dss-4.0.1_4.2.1_obj');
    expect(targets.filter((target) => !local.has(target) && !/^[a-z]{2}-\d+(\.\d+)?_obj$/.test(target))).toEqual([]);
  });

  test('the plan that is imported holds the tool that observed', () => {
    expect(results['import-ap'].href).toBe(PLAN_FILE);
    const [tool] = plan['assessment-assets'].components;
    const actors = results.results.flatMap(({ observations = [] }) =>
      observations.flatMap(({ origins }) => origins.flatMap((origin) => origin.actors)),
    );
    expect(new Set(actors.map((actor) => actor['actor-uuid']))).toEqual(new Set([tool?.uuid]));
  });

  test('no UUID is given twice', () => {
    const uuids = [...JSON.stringify([results, plan]).matchAll(/"uuid":"([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(uuids).size).toBe(uuids.length);
  });
});

describe('a finding', () => {
  const statusOf = (report: Report, target: string, scope = SCOPE) =>
    assessmentResults(report, matrixOf(report, scope))
      ['assessment-results'].results.flatMap(({ findings = [] }) => findings)
      .find((finding) => finding.target['target-id'] === target)?.target.status;

  test('is satisfied by direct evidence from production for a control that is declared to bind', () => {
    expect(statusOf(everything('supports'), 'sc-8_obj')).toMatchObject({ state: 'satisfied', reason: 'pass' });
  });

  test('is not decided by the same evidence from the lab, or where it is not declared', () => {
    const lab = { ...everything('supports'), environment: healthyReport().environment };
    expect(statusOf(lab, 'sc-8_obj')).toMatchObject({ state: 'not-satisfied', reason: 'other' });
    expect(statusOf(everything('supports'), 'sc-8_obj', {} as typeof SCOPE)).toMatchObject({ state: 'not-satisfied', reason: 'other' });
  });

  test('fails where the evidence contradicts, and is undecided where it is missing', () => {
    expect(statusOf(everything('contradicts'), 'sc-8_obj')).toMatchObject({ state: 'not-satisfied', reason: 'fail' });
    expect(statusOf(everything('inconclusive'), 'sc-8_obj')).toMatchObject({ state: 'not-satisfied', reason: 'other' });
  });

  test('is not there for a control that was not tested or does not bind; the result says so', () => {
    expect(statusOf(everything('supports'), 'sc-28.1_obj')).toBeUndefined();
    expect(statusOf(everything('supports'), 'soc2-2017_CC6.7_obj')).toBeUndefined();
    const { results } = resultsOf(everything('supports'));
    expect(results.map(({ remarks }) => remarks).join('\n')).toContain('CC6.7: not applicable, declared false: soc2Scope.');
  });
});

/** A production run in which every check of the controls has this verdict. */
function everything(verdict: 'supports' | 'contradicts' | 'inconclusive'): Report {
  const ids = [
    ...new Set(
      frameworks.flatMap(({ controls }) =>
        controls.flatMap(({ procedures }) => procedures.flatMap(({ checks, also }) => [...checks, ...also])),
      ),
    ),
  ];
  return production({
    ...healthyReport(),
    checks: ids.map((id) => ({ id, must: id, modes: ['ipsec'], evidence: '', needs: [], remedy: '', controls: [] })),
    verdicts: ids.map((id) => ({ id, ...plainFinding(verdict, 'r', 'e', ['a b/c.txt']) })),
  });
}

test('inside a pack, evidence is linked from its folder and has its id; a file without one is an error', () => {
  const report = everything('supports');
  const place = { folder: '../recording', ids: new Map([['recording/a b/c.txt', 'EV-007']]) };
  const document = JSON.parse(writeAssessmentResults(report, matrixOf(report), place));
  validate(document);
  expect(validate.errors).toBeNull();
  expect(document['assessment-results'].results[0].observations[0]['relevant-evidence'][0]).toMatchObject({
    href: '../recording/a%20b/c.txt',
    props: [{ name: 'evidence-id', value: 'EV-007' }],
  });
  expect(() => assessmentResults(report, matrixOf(report), { folder: 'x', ids: new Map() })).toThrow(
    'no evidence id for recording/a b/c.txt',
  );
});

test('a framework of which nothing was tested names the controls that were considered, and has no finding', () => {
  const soc2 = resultsOf(everything('supports')).results.find(({ title }) => title.startsWith('SOC 2'));
  const [selection] = soc2?.['reviewed-controls']['control-selections'] ?? [];
  expect(selection?.description).toContain('none of them was tested');
  expect(selection?.['include-controls'].length).toBeGreaterThan(0);
  expect(soc2?.findings).toBeUndefined();
  expect(soc2?.observations).toBeUndefined();
});

test('evidence is linked relative to the document, methods follow the kind of check', () => {
  const observations = resultsOf(everything('supports')).results.flatMap((result) => result.observations ?? []);
  expect(observations[0]?.['relevant-evidence']).toEqual([{ href: 'recording/a%20b/c.txt', description: 'a b/c.txt' }]);
  expect(observations.find(({ title }) => title.startsWith('WIR-01'))?.methods).toEqual(['TEST']);
  expect(observations.find(({ title }) => title.startsWith('XFR-01'))?.methods).toEqual(['EXAMINE']);
});

test('the same report gives the same bytes, and no word of conformity', () => {
  const one = writeAssessmentResults(production(), matrixOf(production()));
  expect(writeAssessmentResults(production(), matrixOf(production()))).toBe(one);
  expect(one).not.toMatch(/complian/i);
});
