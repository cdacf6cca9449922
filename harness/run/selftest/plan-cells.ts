import { FAULTS } from '../../../clusters/faults.ts';
import type { Mode } from '../../model/mode.ts';
import { ExitError } from '../exit-error.ts';
import { faultCells } from './fault-cells.ts';
import { healthyCells } from './healthy.ts';
import { LAYOUTS } from './layouts.ts';
import { type PlannedCell, probeOf } from './planned-cell.ts';
import { REAL, realRecordings } from './real-recordings.ts';

/** Which part of the matrix to run. */
export interface CellChoice {
  /** One cell for each fault, and a few healthy ones. */
  readonly quick: boolean;
  /** Ids of faults and healthy variants; empty for all. */
  readonly subjects: readonly string[];
  /** Only cells of this mode. */
  readonly mode?: Mode;
  readonly profile?: string;
  readonly routing?: string;
}

/**
 * The cells of the matrix, healthy ones first: when they are red, no other cell has a meaning.
 * @throws ExitError (usage) for an unknown id, naming the known ones, and for a selection without cells
 */
export function planCells({ quick, subjects, mode, profile, routing }: CellChoice): PlannedCell[] {
  const fits = ({ cell }: PlannedCell): boolean =>
    (subjects.length === 0 || subjects.includes(cell.subject)) &&
    (mode === undefined || cell.intent.mode === mode) &&
    (profile === undefined || cell.intent.profile === profile) &&
    (routing === undefined || cell.intent.routing === routing);
  const faults = FAULTS.map((fault) => faultCells(fault).map((cell): PlannedCell => ({ cell, source: probeOf(cell.intent) })));
  // A named healthy variant is included, quick or not. Reading the real recordings takes time, so it is not done for a matrix without them.
  const real = subjects.length === 0 || subjects.includes(REAL) ? realRecordings() : [];
  const healthy = [...healthyCells(quick && subjects.length === 0), ...real];
  refuseUnknown(subjects, [...FAULTS.map(({ id }) => id), ...healthy.map(({ cell }) => cell.subject), REAL]);
  const chosen = [...healthy.filter(fits), ...faults.flatMap((cells) => (quick ? cells.filter(fits).slice(0, 1) : cells.filter(fits)))];
  if (chosen.length === 0) {
    const selection = [...subjects, mode, profile, routing].filter((word) => word !== undefined).join(' ');
    throw ExitError.usage(
      `no cell of the matrix matches ${selection}; its layouts: ${LAYOUTS.map((l) => `${l.mode} ${l.profile} ${l.routing}`).join(', ')}`,
    );
  }
  return chosen;
}

function refuseUnknown(subjects: readonly string[], known: readonly string[]): void {
  const unknown = subjects.find((id) => !known.includes(id));
  if (unknown !== undefined) throw ExitError.usage(`--fault ${unknown}: unknown; the matrix knows ${[...new Set(known)].join(', ')}`);
}
