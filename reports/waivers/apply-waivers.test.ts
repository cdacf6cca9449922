import { describe, expect, test } from 'vitest';
import type { Report } from '../../harness/model/report.ts';
import { writeConsole } from '../console.ts';
import { writeHtml } from '../html/page.ts';
import { writeJunit } from '../junit.ts';
import { healthyReport, sampleReport } from '../testdata/sample-report.ts';
import { allWaived, applyWaivers } from './apply-waivers.ts';
import type { Waiver } from './waiver.ts';

const LEAK = 'pod-node1-node2-udp-4';
const report = withFlowNamed(sampleReport());

/** The sample with what the checks of the catalogue say and its own do not: the flow that a fact is about, and the subject. */
function withFlowNamed(sample: Report): Report {
  return {
    ...sample,
    checks: sample.checks.map((check) => (check.id === 'WIR-01' ? { ...check, subject: 'plaintext' as const } : check)),
    verdicts: sample.verdicts.map((one) =>
      one.id === 'WIR-01' ? { ...one, facts: one.facts.map((fact) => ({ ...fact, flow: LEAK })) } : one,
    ),
  };
}

const ANSWER = { owner: 'platform team', reason: 'accepted until the kernel is new', expires: '2026-03-31' };
const red = report.verdicts.filter(({ verdict }) => verdict === 'contradicts' || verdict === 'inconclusive');
const wholeChecks = red.map(({ id }): Waiver => ({ check: id, wholeCheck: true, ...ANSWER }));
const flows = red.map(({ id }): Waiver => ({ check: id, flow: LEAK, ...ANSWER }));

describe('waivers of a run', () => {
  test('hold on their last day and not on the next', () => {
    const ended = (utc: string) => ({ ...report, run: { ...report.run, endedAt: { ...report.run.endedAt, utc } } });
    const state = (utc: string) => applyWaivers(wholeChecks.slice(0, 1), ended(utc)).waivers[0]?.state;
    expect(state('2026-03-31T23:59:59.000Z')).toBe('in-force');
    expect(state('2026-04-01T00:00:00.000Z')).toBe('expired');
  });

  test('of what is green are not needed', () => {
    expect(applyWaivers(wholeChecks, healthyReport()).waivers.map(({ state }) => state)).toEqual(wholeChecks.map(() => 'unneeded'));
  });

  test('of every check leave the flow red that was readable; the flow named, nothing is left', () => {
    const checksOnly = applyWaivers(wholeChecks, report);
    expect(allWaived(checksOnly, report)).toBe(false);
    expect(new Set(checksOnly.open.map(({ flow }) => flow))).toContain(LEAK);
    const both = applyWaivers([...wholeChecks, ...flows], report);
    expect(both.open).toEqual([]);
    expect(allWaived(both, report)).toBe(true);
  });

  test('of one leak do not hide the next', () => {
    const next = report.flows.map((flow) => (flow.id === 'pod-node2-node1-udp-4' ? { ...flow, verdict: 'contradicts' as const } : flow));
    const held = applyWaivers([...wholeChecks, ...flows], { ...report, flows: next });
    expect(held.open.map(({ flow }) => flow)).toEqual(['pod-node2-node1-udp-4']);
    expect(allWaived(held, report)).toBe(false);
  });

  test('by node are not about what is only counted', () => {
    const one = { ...report.verdicts[0]!, verdict: 'inconclusive' as const, facts: [{ text: 'a', node: 'node1' }], omitted: 2 };
    const only = { ...report, flows: [], checks: report.checks.slice(0, 1), verdicts: [one] };
    const held = applyWaivers([{ check: one.id, node: 'node1', ...ANSWER }], only);
    expect(held.open.map(({ text }) => text)).toEqual(['2 more of the kind, counted and not named']);
  });

  test('make no report without traffic good', () => {
    const none = { ...healthyReport(), flows: [] };
    expect(allWaived(applyWaivers(wholeChecks, none), none)).toBe(false);
  });
});

test('exceptions stand in console, page and JUnit, with what none is about', () => {
  const held = applyWaivers([...wholeChecks.slice(0, 1), { ...wholeChecks[0]!, expires: '2025-01-01' }], report);
  const id = wholeChecks[0]!.check;
  const text = writeConsole(report, { color: false, width: 120, reportPath: 'r', waivers: held });
  expect(text).toMatch(/^Exceptions {2}\d+ red things have none$/m);
  expect(text).toContain(`in-force ${id}, the whole check: platform team, until 2026-03-31`);
  expect(text).toContain(`expired ${id}, the whole check`);
  const page = writeHtml({ report, waivers: held });
  expect(page).toContain('Red, and no exception is about it');
  expect(page).toContain(`Exception in force: ${id}, the whole check: accepted by platform team until 2026-03-31`);
  const junit = writeJunit(report, held);
  expect(junit).toContain(`name="waiver.1" value="in-force: ${id}, the whole check: platform team, until 2026-03-31`);
  expect(junit).toContain(`waiver:   ${id}, the whole check: accepted by platform team`);
  expect(junit.match(/<(failure|error) /g)).toEqual(writeJunit(report).match(/<(failure|error) /g));
});
