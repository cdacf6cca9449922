import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ControlMatrix } from '../../../reports/controls/rows.ts';
import { comparePaths } from '../../../reports/pack/archive/entry-path.ts';
import { evidenceId } from '../../../reports/pack/manifest.ts';
import { writePciJson, writePciReport } from '../../../reports/pci/pci-report.ts';
import type { Report } from '../../model/report.ts';

/**
 * Write the tables of testing procedures again with the pack's evidence ids in place of paths. Where there is no control matrix
 * beside them they stay as they are.
 * @param paths every path of the pack that gets an id
 * @throws RangeError for a reference to a file that the pack does not hold
 */
export async function numberReferences(reportsFolder: string, report: Report, paths: readonly string[]): Promise<void> {
  const matrix = await readFile(join(reportsFolder, 'controls.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (matrix === null) return;
  const controls = JSON.parse(matrix) as ControlMatrix;
  const ids = new Map([...paths].sort(comparePaths).map((path, index) => [path, evidenceId(index)]));
  const tables = { 'reports/pci.md': writePciReport, 'reports/pci.json': writePciJson };
  for (const [path, write] of Object.entries(tables))
    if (ids.has(path)) await writeFile(join(reportsFolder, path.slice('reports/'.length)), write(report, controls, ids));
}
