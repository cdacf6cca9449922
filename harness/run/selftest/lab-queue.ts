import type { SelftestCell } from '../../model/selftest.ts';
import type { LabSource } from './planned-cell.ts';

export interface LabCell {
  readonly cell: SelftestCell;
  readonly source: LabSource;
}

/** The kind of lab that a cell needs: a lab can be used for all cells of its kind. */
export function labKind({ nodes, intent }: SelftestCell): string {
  return `${nodes} nodes, ${intent.families.join(' and ')}`;
}

/** The cells that must still be recorded. A worker with a lab first gets the cells of its kind. */
export class LabQueue {
  readonly #cells: LabCell[];

  constructor(cells: readonly LabCell[]) {
    this.#cells = [...cells];
  }

  /** @param kind of the worker's lab, if there is one */
  take(kind: string | undefined): LabCell | undefined {
    const fitting = this.#cells.findIndex(({ cell }) => labKind(cell) === kind);
    return this.#cells.splice(Math.max(fitting, 0), 1)[0];
  }
}
