import { expect, test } from 'vitest';
import type { ControlMatrix } from '../controls/rows.ts';
import { healthyReport, sampleReport } from '../testdata/sample-report.ts';
import { writeHtml } from './page.ts';

const HASH = 'ab'.repeat(32);
const MATRIX: ControlMatrix = {
  schema: 1,
  run: 'r',
  environmentClass: 'lab',
  scope: {},
  frameworks: [{ id: 'f', title: 'Framework', version: '1', note: 'own words' }],
  rows: [
    {
      framework: { id: 'f', title: 'Framework' },
      control: '4.2.1',
      objective: null,
      paraphrase: 'data is unreadable on open networks',
      applicability: { state: 'not-declared', reason: 'applicability not declared: openNetwork' },
      status: 'not-tested',
      statusReason: 'out of reach of this tool',
      strength: 'out-of-reach',
      caps: [],
      procedures: [],
      checks: [{ id: 'WIR-01', verdict: 'supports' }],
      evidence: ['captures/encrypted/wire.pcap'],
      remains: 'ask the custodian',
    },
  ],
};

test('controls say whether they bind, what the evidence says and what is left', () => {
  const page = writeHtml({ report: sampleReport(), controls: MATRIX });
  for (const text of [
    '4.2.1',
    'applicability not declared: openNetwork',
    'not tested',
    'ask the custodian',
    'href="#WIR-01"',
    '0 of 1 controls have evidence',
  ])
    expect(page).toContain(text);
  expect(page.toLowerCase()).not.toContain('compliant');
});

test('exceptions name owner and day, and an expired one says so', () => {
  const waiver = { check: 'WIR-01', wholeCheck: true as const, owner: 'platform team', reason: 'accepted for now', expires: '2026-01-31' };
  const held = writeHtml({ report: sampleReport(), waivers: { waivers: [{ waiver, state: 'in-force' }], open: [] } });
  expect(held).toContain('platform team');
  expect(held).not.toContain('>expired<');
  expect(writeHtml({ report: sampleReport(), waivers: { waivers: [{ waiver, state: 'expired' }], open: [] } })).toContain('>expired<');
});

test('the evidence is listed with its hashes', () => {
  const page = writeHtml({ report: sampleReport(), files: [{ path: 'events.ndjson', bytes: 12, sha256: HASH }] });
  expect(page).toContain(HASH);
  expect(page).toContain('href="recording/events.ndjson"');
});

test('a baseline shows what is worse, and says when nothing changed', () => {
  const baseline = { run: 'before', verdict: 'supports' };
  const row = { what: 'check', name: 'WIR-01', before: 'supports', after: 'contradicts', effect: 'worse', reason: 'readable' };
  expect(writeHtml({ report: sampleReport(), drift: { baseline, differences: [row] } })).toContain('check WIR-01');
  expect(writeHtml({ report: sampleReport(), drift: { baseline, differences: [] } })).toContain('are as they were');
});

test('the trend has a square a run and names gaps', () => {
  const point = { run: 'a', recordedAt: '2026-01-01T00:00:00Z', verdict: 'supports' as const, supporting: 3, exercised: 3 };
  const series = { name: 'lab: ipsec', points: [point, { ...point, run: 'b', verdict: 'contradicts' as const }], gaps: [], drift: [] };
  const page = writeHtml({ report: healthyReport(), trend: [{ ...series, gaps: [{ from: 'x', to: 'y', hours: 72 }] }] });
  expect(page.match(/<li class="s-/g)?.length).toBeGreaterThanOrEqual(2);
  expect(page).toContain('x to y (72 h)');
});

test('what there is no input for is left out, also in the navigation', () => {
  const page = writeHtml({ report: healthyReport() });
  for (const id of ['waivers', 'controls', 'window', 'drift', 'trend', 'evidence']) expect(page).not.toContain(`href="#${id}"`);
});

test('a check says where it was last seen red, and when it never was', () => {
  const report = sampleReport();
  const seen = {
    check: 'x',
    fault: 'L03',
    mode: 'ipsec',
    routing: 'vxlan',
    profile: '1.18',
    verdict: 'contradicts',
    recordedAt: '2026-01-01T00:00:00Z',
    toolVersion: '0.1.0',
  };
  const page = (lastSeenRed: typeof seen | null) =>
    writeHtml({ report: { ...report, checks: report.checks.map((check) => ({ ...check, lastSeenRed })) } });
  expect(page(seen)).toContain('Last seen red with L03 (ipsec, vxlan, profile 1.18; contradicts) in the control run of 2026-01-01');
  expect(page(null)).toContain('never saw it red');
});
