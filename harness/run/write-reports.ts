import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCbom } from '../../reports/cbom/cbom.ts';
import { controlMatrix, writeControlsJson } from '../../reports/controls/control-matrix.ts';
import { writeHtml } from '../../reports/html/page.ts';
import type { PageInputs } from '../../reports/html/page-inputs.ts';
import { writeReportJson } from '../../reports/json.ts';
import { writeJunit } from '../../reports/junit.ts';
import { writeAssessmentPlan } from '../../reports/oscal/assessment-plan.ts';
import { PLAN_FILE, writeAssessmentResults } from '../../reports/oscal/assessment-results.ts';
import { writePciJson, writePciReport } from '../../reports/pci/pci-report.ts';
import { applyWaivers } from '../../reports/waivers/apply-waivers.ts';
import type { Report } from '../model/report.ts';
import { replaceFile } from '../record/replace-file.ts';
import type { DeclaredControls } from './declared-controls.ts';
import type { CutLeak } from './leaks/cut-leaks.ts';

/** Write the reports into a folder, each completely or not at all, with the controls for the evidence. */
export async function writeReports(
  report: Report,
  folder: string,
  { frameworks, scope, waivers }: DeclaredControls,
  { leaks = [], ...more }: Pick<PageInputs, 'files' | 'trend' | 'drift'> & { readonly leaks?: readonly CutLeak[] } = {},
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const matrix = controlMatrix(report, frameworks, scope);
  const held = applyWaivers(waivers, report);
  const files = {
    'report.json': writeReportJson(report),
    'report.html': writeHtml({ report, controls: matrix, waivers: held, leaks, ...more }),
    'junit.xml': writeJunit(report, held),
    'controls.json': writeControlsJson(matrix),
    'cbom.json': writeCbom(report),
    'oscal-assessment-results.json': writeAssessmentResults(report, matrix),
    [PLAN_FILE]: writeAssessmentPlan(report, matrix),
    'pci.md': writePciReport(report, matrix),
    'pci.json': writePciJson(report, matrix),
  };
  for (const [name, content] of Object.entries(files)) {
    await replaceFile(join(folder, name), content);
  }
  for (const { file, bytes } of leaks) await replaceFile(join(folder, file), bytes);
  // Files of an earlier judgement have frames that this report does not contain.
  const kept = new Set(leaks.map(({ file }) => file));
  for (const name of await readdir(folder)) if (/^leak-\d+\.pcap$/.test(name) && !kept.has(name)) await rm(join(folder, name));
}
