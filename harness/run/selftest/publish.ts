import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeControlMatrix } from '../../../reports/selftest/markdown.ts';
import { seenRun, withFaults, writeSeenRed } from '../../../reports/selftest/seen-red.ts';
import { controlRun } from '../../judge/controls/seen-red.ts';
import type { SelftestReport } from '../../model/selftest.ts';
import { ExitError } from '../exit-error.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const MATRIX = `${DOCS}control-matrix.md`;
const SEEN_RED = fileURLToPath(new URL('../../judge/controls/seen-red.json', import.meta.url));

/** @throws ExitError (usage) outside a checkout, where nothing can be published */
export function refusePublishing(): void {
  if (!existsSync(DOCS)) throw ExitError.usage('--publish: works only in a checkout, which has docs/');
}

/**
 * Write docs/control-matrix.md and the judge's record of checks seen red; from a part of the matrix only the record, where the results of
 * its faults replace the earlier ones. A matrix with cells that could not be run or that failed is not published.
 * @returns what was done, for the user
 */
export async function publish(report: SelftestReport): Promise<string> {
  const broken = report.results.filter(({ state }) => state === 'broken' || (report.extent === 'filtered' && state !== 'passed'));
  if (broken.length > 0) return `not published: ${broken.map(({ cell }) => cell.id).join(', ')} could not be run, or failed`;
  if (report.extent === 'filtered') {
    await writeFile(SEEN_RED, writeSeenRed(withFaults(controlRun, report)));
    return `added to ${SEEN_RED}`;
  }
  await writeFile(MATRIX, writeControlMatrix(report));
  await writeFile(SEEN_RED, writeSeenRed(seenRun(report)));
  return `published in ${MATRIX} and ${SEEN_RED}`;
}
