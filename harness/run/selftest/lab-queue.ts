import type { SelftestCell } from '../../model/selftest.ts';
import type { LabSource } from './planned-cell.ts';

export interface LabCell {
  readonly cell: SelftestCell;
  readonly source: LabSource;
}

/** What a lab must be like for a cell: labs of one kind serve all cells of it. */
export function labKind({ nodes, intent }: SelftestCell): string {
  return `${nodes} nodes, ${intent.families.join(' and ')}`;
}

/** The cells that are still to be recorded. Whoever has a lab is given the cells that it fits, before others. */
export class LabQueue {
  readonly #cells: LabCell[];

  constructor(cells: readonly LabCell[]) {
    this.#cells = [...cells];
  }

  /** @param kind of the lab at hand, if there is one */
  take(kind: string | undefined): LabCell | undefined {
    const fitting = this.#cells.findIndex(({ cell }) => labKind(cell) === kind);
    return this.#cells.splice(Math.max(fitting, 0), 1)[0];
  }
}
