import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { controlMatrix, writeControlsJson } from '../../../reports/controls/control-matrix.ts';
import { loadFrameworks } from '../../../reports/controls/load-frameworks.ts';
import { writeHtml } from '../../../reports/html/page.ts';
import { writeAssessmentResults } from '../../../reports/oscal/assessment-results.ts';
import { writePciJson, writePciReport } from '../../../reports/pci/pci-report.ts';
import { healthyReport } from '../../../reports/testdata/sample-report.ts';
import { numberReferences } from './number-references.ts';

const folder = mkdtempSync(join(tmpdir(), 'wirewitness-numbers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = healthyReport();
const matrix = controlMatrix(report, await loadFrameworks(), {});
const WRITTEN = ['controls.json', 'oscal-assessment-results.json', 'pci.json', 'pci.md', 'report.html'];
const evidence = [...new Set(report.verdicts.flatMap((verdict) => verdict.evidence))].map((path) => `recording/${path}`);
const paths = [...evidence, ...WRITTEN.map((name) => `reports/${name}`)];

const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

beforeEach(() => {
  writeFileSync(join(folder, 'controls.json'), writeControlsJson(matrix));
  writeFileSync(join(folder, 'oscal-assessment-results.json'), writeAssessmentResults(report, matrix));
  writeFileSync(join(folder, 'pci.json'), writePciJson(report, matrix));
  writeFileSync(join(folder, 'pci.md'), writePciReport(report, matrix));
  writeFileSync(join(folder, 'report.html'), writeHtml({ report }));
});

test('tables refer to evidence by id, OSCAL links lead out of the reports into the recording', async () => {
  await numberReferences(folder, report, paths);
  expect(read('pci.md')).toMatch(/`EV-\d{3}`/);
  expect(read('pci.md')).not.toContain('recording/');
  expect(read('pci.json')).not.toContain('recording/');
  expect(read('oscal-assessment-results.json')).toContain('"href": "../recording/');
  expect(read('oscal-assessment-results.json')).not.toContain('"href": "recording/');
  expect(read('report.html')).toContain('href="../recording/');
  expect(read('report.html')).not.toContain('href="recording/');
});

test('a file that the pack does not hold is refused, and a folder without controls stays as it is', async () => {
  await expect(numberReferences(folder, report, paths.slice(1))).rejects.toThrow(/the pack has no evidence id for recording\//);
  unlinkSync(join(folder, 'controls.json'));
  writeFileSync(join(folder, 'pci.md'), 'older');
  await numberReferences(folder, report, []);
  expect(read('pci.md')).toBe('older');
});
