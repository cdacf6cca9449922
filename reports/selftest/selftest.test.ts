import { describe, expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import type { SelftestReport } from '../../harness/model/selftest.ts';
import { columnsOf } from './columns.ts';
import { writeSelftestConsole } from './console.ts';
import { writeSelftestHtml } from './html.ts';
import { writeSelftestJson } from './json.ts';
import { writeSelftestJunit } from './junit.ts';
import { writeControlMatrix } from './markdown.ts';
import { seenRed, seenRun, withFaults, writeSeenRed } from './seen-red.ts';
import { selftestSentence, selftestTone } from './tally.ts';
import { sampleSelftest } from './testdata/sample-selftest.ts';

const report = sampleSelftest();
const only = (...states: string[]): SelftestReport => ({
  ...report,
  results: report.results.filter(({ state }) => states.includes(state)),
});

describe('what a matrix says', () => {
  test('counts misses and false alarms, and what was not run', () => {
    expect(selftestSentence(report)).toBe(
      '3 cells were recorded and judged, 1 could not be run, 1 were not run: 1 failed, with 2 missed and 1 false alarms.',
    );
    expect(selftestTone(report)).toBe('failed');
  });

  test('all as stated', () => {
    expect(selftestSentence(only('passed'))).toBe(
      '2 cells were recorded and judged: every named check turned red (2 times) and no other one did.',
    );
    expect(selftestTone(only('passed', 'absent'))).toBe('passed');
  });

  test('nothing run is never passed', () => {
    expect(selftestTone(only())).toBe('broken');
    expect(selftestTone(only('absent'))).toBe('broken');
    expect(selftestTone(only('passed', 'broken'))).toBe('broken');
    expect(selftestSentence(only('absent'))).toMatch(/^No cell was recorded and judged, 1 were not run: nothing is known/);
  });
});

test('columns: the catalogue’s checks by topic, then what was named but is unknown', () => {
  expect(columnsOf(report)).toEqual([
    { topic: 'PRE', ids: ['PRE-05'] },
    { topic: 'XFR', ids: ['XFR-06'] },
    { topic: 'WGD', ids: ['WGD-01'] },
    { topic: 'WIR', ids: ['WIR-01', 'WIR-11', 'WIR-13'] },
    { topic: 'XXX', ids: ['XXX-99'] },
  ]);
});

test('console: each sign in its check’s column, and each wrong one with its reason', () => {
  const text = writeSelftestConsole(report, { color: false, width: 120, reportPath: 'out/selftest.html' });
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.includes('PRE'));
  const row = lines.find((line) => line.startsWith('L03'))!;
  const column = (topic: string) => lines[head]!.indexOf(topic);
  expect(row.slice(column('WIR'), column('WIR') + 3)).toBe('●○○');
  expect(row.charAt(column('XFR'))).toBe('●');
  expect(row.charAt(column('WGD'))).toBe(' ');
  expect(lines.find((line) => line.startsWith('L04'))!.charAt(column('XFR'))).toBe('✖');
  expect(text).toContain('✖ XFR-06 supports: because of XFR-06');
  expect(text).toContain('! PRE-05 inconclusive: node1 is 3 s');
  expect(text).toContain('the lab was booted again: the lab went away');
  expect(text).toContain('they are not on this machine');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});

test('html: escaped, without script or anything fetched', () => {
  const page = writeSelftestHtml(report);
  expect(page).toContain('node1 is 3 s | ahead &lt;of&gt; node2 &quot;here&quot;');
  expect(page).not.toMatch(/<script|https?:|url\(/);
  expect(page.match(/<tr><th scope="row"/g)).toHaveLength(report.results.length);
  expect(page.match(/class="sq o-caught"/g)).toHaveLength(3);
  expect(page).toContain('3 cells were recorded and judged');
});

describe('junit', () => {
  const xml = writeSelftestJunit(report);

  test('a miss and a false alarm are failures, a broken cell is an error, an absent one is skipped', () => {
    const suites = [...xml.matchAll(/<testsuite name="(\S+) [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/g)];
    expect(suites.map((suite) => suite.slice(1).join(' '))).toEqual([
      'H02 1 0 0 0',
      'L03 3 0 0 0',
      'L04 4 3 0 0',
      'L17 1 0 1 0',
      'H19 1 0 0 1',
    ]);
    expect(xml).toContain('message="missed, supports: because of XFR-06"');
    expect(xml).toContain('message="false alarm, inconclusive: node1 is 3 s');
  });

  test('is well-formed', async () => {
    const schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="testsuites"/></xs:schema>';
    expect((await validateXML({ xml, schema })).errors).toEqual([]);
  });
});

test('json is the report itself', () => {
  expect(JSON.parse(writeSelftestJson(report))).toEqual(report);
});

describe('what was seen red', () => {
  test('by faults only, the named ones first, and no mere lack of evidence', () => {
    expect(seenRed(report).map(({ check, fault, mode, verdict }) => [check, fault, mode, verdict])).toEqual([
      ['XFR-06', 'L03', 'ipsec', 'contradicts'],
      ['WIR-01', 'L03', 'ipsec', 'contradicts'],
      ['WIR-11', 'L03', 'ipsec', 'contradicts'],
    ]);
  });

  test('as the file that the judge carries', () => {
    expect(JSON.parse(writeSeenRed(seenRun(report)))).toEqual({
      schema: 1,
      recordedAt: '2026-11-21T10:00:00.000Z',
      toolVersion: '0.9.0',
      seen: seenRed(report),
    });
    expect(JSON.parse(writeSeenRed(seenRun(only('absent')))).seen).toEqual([]);
  });

  test('a fault that is run again takes the place of what was known of it, with its own time', () => {
    const old = { check: 'XFR-07', mode: 'ipsec', routing: 'vxlan', profile: '1.18', verdict: 'contradicts' };
    const before = {
      recordedAt: '2026-01-01T00:00:00.000Z',
      toolVersion: '0.8.0',
      seen: [
        { ...old, fault: 'L03' },
        { ...old, fault: 'L05' },
      ],
    };
    const { recordedAt, seen } = withFaults(before, report);
    expect(recordedAt).toBe('2026-01-01T00:00:00.000Z');
    expect(seen[0]).toEqual({ ...old, fault: 'L05' });
    expect(seen.slice(1)).toEqual(
      seenRed(report).map((each) => ({ ...each, recordedAt: '2026-11-21T10:00:00.000Z', toolVersion: '0.9.0' })),
    );
  });

  test('and as documentation: a check that nothing reddened says so', () => {
    const text = writeControlMatrix(report);
    expect(text).toContain('| XFR-06 | L03 |');
    expect(text).toContain('| WIR-11 | (L03) |');
    expect(text).toContain('| PRE-05 | never |');
    expect(text).toContain('what is done in L04 ipsec 1.18 vxlan (XFR-06 missed; XXX-99 missed; PRE-05 false alarm)');
  });
});
