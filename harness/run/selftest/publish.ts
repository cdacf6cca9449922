import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeControlMatrix } from '../../../reports/selftest/markdown.ts';
import { writeSeenRed } from '../../../reports/selftest/seen-red.ts';
import type { SelftestReport } from '../../model/selftest.ts';
import { ExitError } from '../exit-error.ts';

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));
const MATRIX = `${DOCS}control-matrix.md`;
const SEEN_RED = fileURLToPath(new URL('../../judge/controls/seen-red.json', import.meta.url));

/** @throws ExitError (usage) where there is nothing to publish to: outside a checkout, or with a part of the matrix */
export function refusePublishing(extent: SelftestReport['extent']): void {
  if (!existsSync(DOCS)) throw ExitError.usage('--publish: works in a checkout only, where docs/ is');
  if (extent === 'filtered') throw ExitError.usage('--publish: needs a whole matrix; leave --fault, --mode, --profile and --routing out');
}

/**
 * Write docs/control-matrix.md and the record of what was seen red that the judge carries. A matrix with cells that could not be run
 * is not published: what they would have shown is unknown.
 * @returns what was done, for the user
 */
export async function publish(report: SelftestReport): Promise<string> {
  const broken = report.results.filter(({ state }) => state === 'broken');
  if (broken.length > 0) return `not published: ${broken.map(({ cell }) => cell.id).join(', ')} could not be run`;
  await writeFile(MATRIX, writeControlMatrix(report));
  await writeFile(SEEN_RED, writeSeenRed(report));
  return `published in ${MATRIX} and ${SEEN_RED}`;
}
