import { fittingCell } from '../../clusters/datapath/faults/cells.ts';
import { FAULTS } from '../../clusters/faults.ts';
import type { Report } from '../model/report.ts';
import { isRed } from './selftest/compare.ts';

/**
 * Whether the fault of a run turned every check red that it must. Where it had no effect, as on a kernel that cannot do what the fault needs, a
 * green report shows nothing about the harness.
 * @returns what to say; null without a fault, or where it was seen
 */
export function unseenFault(fault: string | null, { intent, verdicts }: Pick<Report, 'intent' | 'verdicts'>): string | null {
  const statement = FAULTS.find(({ id }) => id === fault);
  const red = new Set(verdicts.filter(({ verdict }) => isRed(verdict)).map(({ id }) => id));
  const missed = (statement === undefined ? [] : (fittingCell(statement, intent)?.reddens ?? [])).filter((id) => !red.has(id));
  if (missed.length === 0) return null;
  return `${intent.mode}: fault ${fault} must turn ${missed.join(', ')} red, and it did not: it had no effect in this cluster, or the checks do not see it`;
}
