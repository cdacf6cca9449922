import type { ControlMatrix, ControlRow, ProcedureRow } from '../controls/rows.ts';

/** A testing procedure with the evidence an assessor would refer to. */
export interface ProcedureEvidence extends Pick<ProcedureRow, 'type' | 'status' | 'strength' | 'checks'> {
  readonly requirement: string;
  readonly procedure: string;
  readonly applicability: ControlRow['applicability']['state'];
  /** `EV-nnn` where the pack has given ids, else paths. */
  readonly evidence: readonly string[];
}

/** Ids of evidence by path inside the pack: `recording/commands/…` to `EV-017`. */
export type EvidenceIds = ReadonlyMap<string, string>;

/** Whether a framework is reported as PCI DSS assessors do: by testing procedure with references to evidence. */
export function isPci({ framework }: Pick<ControlRow, 'framework'>): boolean {
  return framework.id.startsWith('pci-dss');
}

/**
 * Every testing procedure of PCI DSS with its evidence.
 *
 * @throws RangeError when the pack has ids but none for a path: a reference that leads nowhere
 */
export function procedureTable(matrix: ControlMatrix, ids?: EvidenceIds): readonly ProcedureEvidence[] {
  return matrix.rows.filter(isPci).flatMap((row) =>
    row.procedures.map(({ id, type, status, strength, checks, evidence }) => ({
      requirement: row.control,
      procedure: id,
      applicability: row.applicability.state,
      type,
      status,
      strength,
      checks,
      evidence: evidence.map((path) => reference(`recording/${path}`, ids)).sort(),
    })),
  );
}

function reference(path: string, ids: EvidenceIds | undefined): string {
  if (ids === undefined) return path;
  const id = ids.get(path);
  if (id === undefined) throw new RangeError(`the pack has no evidence id for ${path}`);
  return id;
}
