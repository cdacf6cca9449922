import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeHtml } from '../../reports/html/page.ts';
import { writeReportJson } from '../../reports/json.ts';
import { writeJunit } from '../../reports/junit.ts';
import type { Report } from '../model/report.ts';

/** Write report.json, report.html and junit.xml into a folder, each one whole or not at all. */
export async function writeReports(report: Report, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = { 'report.json': writeReportJson(report), 'report.html': writeHtml(report), 'junit.xml': writeJunit(report) };
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    await writeFile(`${path}.new`, content);
    await rename(`${path}.new`, path);
  }
}
