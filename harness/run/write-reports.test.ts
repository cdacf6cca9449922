import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { controlMatrix } from '../../reports/controls/control-matrix.ts';
import { writeHtml } from '../../reports/html/page.ts';
import { writeReportJson } from '../../reports/json.ts';
import { writeJunit } from '../../reports/junit.ts';
import { healthyReport, sampleReport } from '../../reports/testdata/sample-report.ts';
import { NO_WAIVERS } from '../../reports/waivers/apply-waivers.ts';
import type { Report } from '../model/report.ts';
import { declaredControls } from './declared-controls.ts';
import { writeReports } from './write-reports.ts';

const declared = await declaredControls();
const root = mkdtempSync(join(tmpdir(), 'wirewitness-reports-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const page = (report: Report) =>
  writeHtml({ report, controls: controlMatrix(report, declared.frameworks, declared.scope), waivers: NO_WAIVERS });
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('writes the reports into a folder that it makes, over older ones, and leaves nothing else', async () => {
  const folder = join(root, 'deep', 'er');
  await writeReports(healthyReport(), folder, declared);
  await writeReports(sampleReport(), folder, declared);
  expect(readdirSync(folder).sort()).toEqual([
    'cbom.json',
    'controls.json',
    'junit.xml',
    'oscal-assessment-plan.json',
    'oscal-assessment-results.json',
    'pci.json',
    'pci.md',
    'report.html',
    'report.json',
  ]);
  expect(read(folder, 'report.json')).toBe(writeReportJson(sampleReport()));
  expect(read(folder, 'report.html')).toBe(page(sampleReport()));
  expect(read(folder, 'junit.xml')).toBe(writeJunit(sampleReport()));
});

test('a report that cannot be written leaves the older ones whole', async () => {
  const folder = join(root, 'older');
  await writeReports(healthyReport(), folder, declared);
  const bad = { ...sampleReport(), timeline: [{ ...sampleReport().timeline[0]!, detail: { rate: Number.NaN } }] };
  await expect(writeReports(bad, folder, declared)).rejects.toThrow('rate is NaN');
  expect(read(folder, 'report.json')).toBe(writeReportJson(healthyReport()));
});

test('a file whose writing fails keeps its older content', async () => {
  const folder = join(root, 'stuck');
  await writeReports(healthyReport(), folder, declared);
  mkdirSync(join(folder, 'report.html.new'));
  await expect(writeReports(sampleReport(), folder, declared)).rejects.toThrow('report.html.new');
  expect(read(folder, 'report.html')).toBe(page(healthyReport()));
});
