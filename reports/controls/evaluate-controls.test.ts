import { describe, expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { plainFinding, type Verdict } from '../../harness/model/verdict.ts';
import { healthyReport } from '../testdata/sample-report.ts';
import { controlMatrix, writeControlsJson } from './control-matrix.ts';
import { evaluateControls } from './evaluate-controls.ts';
import type { Framework } from './framework-schema.ts';
import { loadFrameworks } from './load-frameworks.ts';
import type { ControlRow } from './rows.ts';

const framework: Framework = {
  id: 'f',
  title: 'F',
  version: '1',
  note: '',
  facts: { bound: 'bound', open: 'open' },
  appliesWhen: ['bound'],
  controls: [
    {
      id: 'C1',
      objective: null,
      paraphrase: 'encrypt',
      appliesWhen: ['open'],
      reach: 'operation',
      remains: 'the policy',
      procedures: [
        { id: 'C1.a', type: 'interview', paraphrase: 'ask', strength: 'out-of-reach', checks: [], also: [] },
        { id: 'C1.b', type: 'data-transmission', paraphrase: 'look', strength: 'direct', checks: ['WIR-01', 'WIR-02'], also: ['PRE-01'] },
        { id: 'C1.c', type: 'observation', paraphrase: 'change keys', strength: 'partial', checks: ['ROT-01'], also: [] },
      ],
    },
  ],
};
const BINDS = { bound: true, open: true };

/** A production run whose checks have these verdicts. */
function report(verdicts: Readonly<Record<string, Verdict>>, change: Partial<Report> = {}): Report {
  const base = healthyReport();
  return {
    ...base,
    environment: { ...base.environment, class: 'production-readonly' },
    checks: Object.keys(verdicts).map((id) => ({ id, must: id, modes: ['ipsec'], evidence: '', needs: [], remedy: '', controls: [] })),
    verdicts: Object.entries(verdicts).map(([id, verdict]) => ({
      id,
      ...plainFinding(verdict, '', '', [`commands/${id}.txt`]),
    })),
    ...change,
  };
}

function row(judged: Report, scope: Readonly<Record<string, boolean>> = BINDS, of: Framework = framework): ControlRow {
  const [first] = evaluateControls(judged, [of], scope);
  if (first === undefined) throw new Error('no row');
  return first;
}

const GOOD = report({ 'PRE-01': 'supports', 'WIR-01': 'supports', 'WIR-02': 'supports', 'ROT-01': 'supports' });

test('all that is within reach supports: direct, with its evidence; what only people answer is not tested', () => {
  expect(row(GOOD)).toMatchObject({
    applicability: { state: 'applicable', reason: 'declared true: bound, open' },
    status: 'supports',
    strength: 'direct',
    caps: [],
    evidence: ['commands/PRE-01.txt', 'commands/ROT-01.txt', 'commands/WIR-01.txt', 'commands/WIR-02.txt'],
    remains: 'the policy',
    procedures: [
      { id: 'C1.a', status: 'not-tested', strength: 'out-of-reach' },
      { id: 'C1.b', status: 'supports', strength: 'direct' },
      { id: 'C1.c', status: 'supports', strength: 'partial' },
    ],
  });
});

describe('status', () => {
  test.each([
    ['one contradiction', { 'WIR-01': 'contradicts', 'WIR-02': 'inconclusive', 'ROT-01': 'supports' }, 'contradicts'],
    ['missing evidence', { 'WIR-01': 'supports', 'WIR-02': 'inconclusive', 'ROT-01': 'supports' }, 'inconclusive'],
    ['checks that do not apply to the claim do not count', { 'WIR-01': 'supports', 'WIR-02': 'not-applicable' }, 'supports'],
    ['nothing exercised', { 'WIR-01': 'not-exercised', 'WIR-02': 'not-exercised' }, 'not-tested'],
    ['no such check in the report', {}, 'not-tested'],
    ['nothing applies', { 'WIR-01': 'not-applicable', 'WIR-02': 'not-applicable' }, 'not-tested'],
  ] as const)('%s: %s', (_, verdicts, status) => expect(row(report(verdicts)).status).toBe(status));

  test('a control without evidence is not tested and has no strength', () => {
    expect(row(report({}))).toMatchObject({ status: 'not-tested', strength: 'out-of-reach', evidence: [] });
  });

  test('a stated check without a verdict is inconclusive', () => {
    const stated = { ...GOOD, verdicts: GOOD.verdicts.filter(({ id }) => id !== 'WIR-02') };
    expect(row(stated)).toMatchObject({ status: 'inconclusive' });
  });

  test('a run that did not complete supports nothing, and still contradicts', () => {
    const run = { ...GOOD.run, complete: false, note: 'interrupted' };
    expect(row({ ...GOOD, run })).toMatchObject({
      status: 'inconclusive',
      statusReason: 'the recording is incomplete and supports nothing',
    });
    expect(row(report({ 'WIR-01': 'contradicts' }, { run })).status).toBe('contradicts');
  });

  test('a check that only speaks beside others cannot carry a procedure, but can bring it down', () => {
    expect(row(report({ 'PRE-01': 'supports', 'WIR-01': 'not-exercised', 'WIR-02': 'not-applicable' })).status).toBe('not-tested');
    expect(row(report({ 'PRE-01': 'contradicts', 'WIR-01': 'supports', 'WIR-02': 'supports' })).status).toBe('contradicts');
    expect(row(report({ 'PRE-01': 'inconclusive', 'WIR-01': 'supports', 'WIR-02': 'supports' })).status).toBe('inconclusive');
  });

  test('a run whose claim is that nothing is encrypted is evidence of no control, though its checks support it', () => {
    const none = { ...GOOD, intent: { ...GOOD.intent, mode: 'none' as const } };
    expect(row(none)).toMatchObject({ status: 'not-tested', strength: 'out-of-reach', evidence: [] });
    expect(row(none).statusReason).toBe('the claim of this run is that nothing is encrypted');
  });

  test('a fault made on purpose is no evidence of a control', () => {
    const run = { ...GOOD.run, fault: 'L01' };
    expect(row({ ...GOOD, run })).toMatchObject({ status: 'not-tested', strength: 'out-of-reach', evidence: [] });
    expect(row({ ...GOOD, run }).statusReason).toContain('fault L01');
  });
});

describe('applicability is declared, never assumed', () => {
  test('not declared: the evidence is shown, its worth is bounded', () => {
    expect(row(GOOD, { bound: true })).toMatchObject({
      applicability: { state: 'not-declared', reason: 'applicability not declared: open' },
      status: 'supports',
      strength: 'supporting',
      caps: ['it is not declared that the requirement binds'],
    });
  });

  test('declared false, though another fact is missing: not applicable as declared', () => {
    expect(row(GOOD, { open: false })).toMatchObject({
      applicability: { state: 'not-applicable-as-declared', reason: 'declared false: open' },
      status: 'not-applicable',
      strength: 'supporting',
    });
  });
});

describe('strength is capped', () => {
  const inClass = (name: Report['environment']['class']): Report => ({ ...GOOD, environment: { ...GOOD.environment, class: name } });
  const design: Framework = { ...framework, controls: framework.controls.map((control) => ({ ...control, reach: 'design' })) };

  test.each([
    ['lab', 'supporting', 'supporting'],
    ['ephemeral-test', 'supporting', 'direct'],
    ['pre-production', 'partial', 'direct'],
    ['production-readonly', 'direct', 'direct'],
  ] as const)('%s: operation %s, design %s', (name, operation, ofDesign) => {
    expect(row(inClass(name)).strength).toBe(operation);
    expect(row(inClass(name), BINDS, design).strength).toBe(ofDesign);
  });

  test('a cap is given with its reason, and only where it lowers something', () => {
    expect(row(inClass('lab')).caps).toEqual(['recorded in the lab: it says nothing of how any other cluster operates']);
    expect(row(inClass('production-readonly')).caps).toEqual([]);
  });

  test('what was not exercised leaves part of a procedure open', () => {
    const judged = report({ 'PRE-01': 'supports', 'WIR-01': 'supports', 'WIR-02': 'not-exercised', 'ROT-01': 'not-exercised' });
    expect(row(judged)).toMatchObject({
      status: 'supports',
      statusReason: 'not tested: C1.c',
      strength: 'partial',
      caps: ['not exercised in this run: WIR-02'],
    });
  });
});

test('the same report gives the same bytes, whatever the order of the declarations', async () => {
  const frameworks = await loadFrameworks();
  const one = writeControlsJson(controlMatrix(GOOD, frameworks, { paymentCardData: true, soc2Scope: false }));
  expect(writeControlsJson(controlMatrix(GOOD, frameworks, { soc2Scope: false, paymentCardData: true }))).toBe(one);
  expect(one).not.toMatch(/complian/i);
});
