import { expect, test } from 'vitest';
import { writeMarkdown } from './markdown.ts';
import { hostileReport } from './testdata/hostile-report.ts';
import { healthyReport, sampleReport } from './testdata/sample-report.ts';

test('a healthy run is a headline and its limits, without a table of checks', () => {
  const text = writeMarkdown(healthyReport());
  expect(text).toMatch(/^## ✔ /);
  expect(text).toContain('The evidence supports the claim');
  expect(text).not.toContain('| check |');
});

test('a run that contradicts names each check that is not green once', () => {
  const text = writeMarkdown(sampleReport());
  const named = text.match(/^\| [A-Z]{3}-\d{2} \|/gm) ?? [];
  expect(named.length).toBeGreaterThan(1);
  expect(new Set(named).size).toBe(named.length);
  expect(text).toContain(
    '**2 of 10 checks that apply contradict it, 1 could not be decided, 7 support it; 1 had nothing to judge in this run; 1 does not apply.**',
  );
  expect(text).toContain('Cilium 1.16');
  expect(text).toContain('recorded 2026-01-02T03:04:05.000Z');
});

test('nothing of a cluster becomes markup, a link or another cell', () => {
  const text = writeMarkdown(hostileReport());
  expect(text).not.toMatch(/(?<!\\)<script/);
  for (const line of text.split('\n').filter((row) => /^\| (?!check|---)/.test(row))) expect(line.match(/(?<!\\)\|/g)).toHaveLength(4);
});
