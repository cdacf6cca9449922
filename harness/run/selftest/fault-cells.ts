import { fittingCell } from '../../../clusters/datapath/faults/cells.ts';
import { labRefusal } from '../../../clusters/lab/lab-refusal.ts';
import type { FaultStatement } from '../../model/cluster.ts';
import type { Intent } from '../../model/intent.ts';
import type { SelftestCell } from '../../model/selftest.ts';
import { LAYOUTS, layoutName, RARE_LAYOUTS } from './layouts.ts';

const NODES = 2;

/**
 * Every layout of the matrix that a fault applies to, in the matrix's order; those that the lab cannot configure are left out.
 *
 * @param layouts those of the matrix, or the requested one
 */
export function faultCells(fault: FaultStatement, layouts: readonly Intent[] = LAYOUTS): SelftestCell[] {
  const cells = cellsIn(fault, layouts);
  return cells.length === 0 && layouts === LAYOUTS ? cellsIn(fault, RARE_LAYOUTS) : cells;
}

function cellsIn(fault: FaultStatement, layouts: readonly Intent[]): SelftestCell[] {
  return layouts.flatMap((intent): SelftestCell[] => {
    const cell = fittingCell(fault, intent);
    if (cell === undefined || labRefusal(intent) !== null) return [];
    return [
      {
        id: `${fault.id} ${layoutName(intent)}`,
        subject: fault.id,
        kind: 'fault',
        what: fault.what,
        intent,
        scenario: fault.scenario,
        nodes: NODES,
        reddens: cell.reddens,
        implies: cell.implies,
      },
    ];
  });
}
