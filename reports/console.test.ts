import { expect, test } from 'vitest';
import { writeConsole } from './console.ts';
import { hostileReport } from './testdata/hostile-report.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

const options = { color: false, width: 100, reportPath: 'out/ipsec/report.html' };

test('one screen: sentence, checks that are not green, matrix, path', () => {
  const text = writeConsole(sampleReport(), options);
  expect(text).toContain('✖ The evidence contradicts the claim');
  expect(text).toMatch(/✖ XFR-06 contradicts +node1 has no out policy/);
  expect(text).toMatch(/\? PRE-05 inconclusive +No clock sample/);
  expect(text).toMatch(/✔ PRE supports +PRE-01 PRE-03/);
  expect(text).toMatch(/node1 {2}○○○ {4}✔✖✔/);
  expect(text).toMatch(/Node to node +○ 6\n/);
  expect(text).toMatch(/Report {2}out\/ipsec\/report.html\n$/);
  const lines = text.split('\n');
  expect(lines.length).toBeLessThan(40);
  for (const line of lines) expect([...line].length).toBeLessThanOrEqual(100);
});

test('without colour no escape sequence, even from a hostile name; with colour only our own', () => {
  const esc = String.fromCodePoint(0x1b);
  expect(writeConsole(hostileReport(), options)).not.toContain(esc);
  expect(writeConsole(hostileReport(), options)).toContain('[U+001B]');
  expect(writeConsole(healthyReport(), { ...options, color: true })).toContain(`${esc}[32m✔`);
});

test('a report without checks and flows says so', () => {
  const text = writeConsole({ ...healthyReport(), checks: [], verdicts: [], flows: [] }, options);
  expect(text).toContain('? Not proven: the evidence is inconclusive');
  expect(text).toContain('Checks  none was judged');
  expect(text).toContain('Flows  none was judged');
});

test('more destinations than fit are counted, not cut silently', () => {
  const report = sampleReport();
  const { cluster } = report.environment;
  const nodes = [...cluster.nodes, ...['node4', 'node5', 'node6'].map((name) => ({ ...cluster.nodes[0]!, name }))];
  const larger = { ...report, environment: { ...report.environment, cluster: { ...cluster, nodes } } };
  expect(writeConsole(larger, { ...options, width: 40 })).toContain('2 more destinations');
});

test('verbose prints every fact of what is red, in full', () => {
  const report = sampleReport();
  const verdicts = report.verdicts.map((one) =>
    one.id === 'WIR-01'
      ? { ...one, facts: ['first', 'second', 'last'].map((word) => ({ text: `${word} ${'fact '.repeat(40)}end` })), omitted: 7 }
      : one,
  );
  const print = (verbose: boolean) => writeConsole({ ...report, verdicts }, { color: false, width: 100, reportPath: 'r', verbose });
  expect(print(false)).not.toContain('last fact');
  expect(print(true)).toContain('last fact');
  expect(print(true)).toContain('and 7 more, counted and not named');
  expect(print(true).match(/ end$/gm)).toHaveLength(3);
});
