import { fittingCell } from '../../clusters/datapath/faults/cells.ts';
import { FAULTS } from '../../clusters/faults.ts';
import type { FaultStatement } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { ExitError } from './exit-error.ts';

/** The fault of a flag; undefined without one. @throws ExitError (usage) naming the known ones */
export function planFault(id: string | undefined): FaultStatement | undefined {
  if (id === undefined) return undefined;
  const fault = FAULTS.find((candidate) => candidate.id === id);
  if (fault === undefined) throw ExitError.usage(`--fault ${id}: unknown; the lab knows ${FAULTS.map((f) => f.id).join(', ')}`);
  return fault;
}

/**
 * The intents in which a fault can be made: if no mode was named, those of the other mode are left out.
 * @throws ExitError (usage) when it can be made in none, with the reason of the catalogue
 */
export function intentsWith(fault: FaultStatement | undefined, intents: readonly Intent[]): readonly Intent[] {
  if (fault === undefined) return intents;
  const fitting = intents.filter((intent) => fittingCell(fault, intent) !== undefined);
  if (fitting.length > 0) return fitting;
  const asked = intents.map(({ mode, routing, profile }) => `${mode}, ${routing}, profile ${profile}`).join('; ');
  throw ExitError.usage(`--fault ${fault.id}: cannot be made with ${asked}: ${fault.why}`);
}
