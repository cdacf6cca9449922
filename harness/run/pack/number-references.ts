import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlMatrix } from '../../../reports/controls/rows.ts';
import { relocateEvidence } from '../../../reports/html/evidence.ts';
import { writeAssessmentResults } from '../../../reports/oscal/assessment-results.ts';
import { comparePaths } from '../../../reports/pack/archive/entry-path.ts';
import { RECORDING_FOLDER, REPORTS_FOLDER } from '../../../reports/pack/layout.ts';
import { evidenceId } from '../../../reports/pack/manifest.ts';
import { writePciJson, writePciReport } from '../../../reports/pci/pci-report.ts';
import type { Report } from '../../model/report.ts';

/**
 * Write the tables of testing procedures again with the pack's evidence ids instead of paths, and the page and the OSCAL results with links
 * that are valid inside the pack. Without a control matrix beside them the tables stay unchanged.
 * @param paths every path of the pack that gets an id
 * @throws RangeError for a reference to a file that is not in the pack
 */
export async function numberReferences(reportsFolder: string, report: Report, paths: readonly string[]): Promise<void> {
  if (paths.includes(`${REPORTS_FOLDER}/report.html`)) {
    const page = join(reportsFolder, 'report.html');
    await writeFile(page, relocateEvidence(await readFile(page, 'utf8'), `../${RECORDING_FOLDER}`));
  }
  const matrix = await readFile(join(reportsFolder, 'controls.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (matrix === null) return;
  const controls = JSON.parse(matrix) as ControlMatrix;
  const ids = new Map([...paths].sort(comparePaths).map((path, index) => [path, evidenceId(index)]));
  const place = { folder: `../${RECORDING_FOLDER}`, ids };
  const written = {
    'pci.md': () => writePciReport(report, controls, ids),
    'pci.json': () => writePciJson(report, controls, ids),
    'oscal-assessment-results.json': () => writeAssessmentResults(report, controls, place),
  };
  for (const [name, write] of Object.entries(written))
    if (ids.has(`${REPORTS_FOLDER}/${name}`)) await writeFile(join(reportsFolder, name), write());
}
