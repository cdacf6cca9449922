import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { hostileReport } from '../testdata/hostile-report.ts';
import { healthyReport, sampleReport } from '../testdata/sample-report.ts';
import { evidenceLink } from './evidence.ts';
import { writeHtml } from './page.ts';

/** The scripts of a page. */
function scriptsOf(page: string): string[] {
  return [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script!);
}

describe('one file that fetches nothing', () => {
  const page = writeHtml({ report: sampleReport() });
  test('policy, and no reference to anything outside', () => {
    const hash = createHash('sha256').update(scriptsOf(page)[0]!).digest('base64');
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'"`);
    expect(page).not.toMatch(/<(link|iframe|img|object)\b|@import|url\(|https?:| on\w+=/i);
    expect(scriptsOf(page)).toHaveLength(1);
  });
  test('each link leads to a part of the page or into the recording', () => {
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id));
    for (const [, target] of page.matchAll(/href="([^"]*)"/g)) {
      if (target!.startsWith('#')) expect(ids).toContain(target!.slice(1));
      else expect(target).toMatch(/^recording\/[\w%.-]+(\/[\w%.-]+)*$/);
    }
  });
  test('elements are closed in order', () => {
    const open: string[] = [];
    for (const [, close, name, self] of page.replace(scriptsOf(page)[0]!, '').matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g)) {
      if (self === '/' || ['meta', 'br', 'input'].includes(name!)) continue;
      if (close === '/') expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  });
});

test('every flow is listed with its id, every treatment with its reason', () => {
  const report = sampleReport();
  const page = writeHtml({ report });
  for (const flow of report.flows) expect(page).toContain(`<code>${flow.id}</code>`);
  expect(page).toContain('Node encryption is off in the intent');
});

test('the same report gives the same bytes', () => {
  expect(writeHtml({ report: sampleReport() })).toBe(writeHtml({ report: sampleReport() }));
});

describe('readable without colour', () => {
  const page = writeHtml({ report: sampleReport() });
  test('one h1, a skip link, scopes on header cells, words for squares', () => {
    expect(page.match(/<h1/g)).toHaveLength(1);
    expect(page).toContain('<a class="skip" href="#main">');
    expect(page.match(/<th(?! scope)[\s>]/g)).toBeNull();
    expect(page).toContain('node1 to node2, UDP over IPv4: contradicted (pod-pod)');
    expect(page).toContain('node2 to node3, ICMP over IPv4: not tested (pod-pod)');
  });
  test('expected, observed, evidence and control of each check', () => {
    expect(page).toContain('dir out to 10.0.3.0/24 only');
    expect(page).toContain('href="recording/before/node1/host/xfrm-policy.txt"');
    expect(page).toContain('must turn red with: policy deleted; clear phase');
  });
});

test('everything that came in is escaped', () => {
  const page = writeHtml({ report: hostileReport() });
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain(String.fromCodePoint(0x202e));
  expect(page).not.toMatch(/href="(?!recording\/|#)/);
  expect(page).not.toContain('href="recording/..');
});

test('a class sum that differs from the file is said', () => {
  const report = sampleReport();
  const [key, ledger] = Object.entries(report.ledger)[0]!;
  const page = writeHtml({ report: { ...report, ledger: { [key]: { ...ledger, frames: ledger.frames + 1, truncatedTail: true } } } });
  expect(page).toContain('The classes add up to');
  expect(page).toContain('The file ends inside a record.');
});

test('an empty report is inconclusive and says what is missing', () => {
  const page = writeHtml({ report: { ...healthyReport(), checks: [], verdicts: [], flows: [], ledger: {}, timeline: [], limits: [] } });
  for (const text of ['v-inconclusive', 'No check was judged.', 'No flow was judged', 'No capture was judged.', 'No event was recorded.']) {
    expect(page).toContain(text);
  }
});

test('evidence outside the recording is not linked', () => {
  for (const path of ['../x', '/etc/passwd', 'a//b', '', 'a\\..\\b', './x']) expect(evidenceLink(path).text).not.toContain('href');
  expect(evidenceLink('a b/ü.txt').text).toContain('href="recording/a%20b/%C3%BC.txt"');
});
