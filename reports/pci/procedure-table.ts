import { type EvidenceIds, evidenceIdOf } from '../controls/evidence-ids.ts';
import type { ControlMatrix, ControlRow, ProcedureRow } from '../controls/rows.ts';

/** A testing procedure with the evidence an assessor would refer to. */
export interface ProcedureEvidence extends Pick<ProcedureRow, 'type' | 'status' | 'strength' | 'checks'> {
  readonly requirement: string;
  readonly procedure: string;
  readonly applicability: ControlRow['applicability']['state'];
  /** `EV-nnn` where the pack has given ids, else paths. */
  readonly evidence: readonly string[];
}

/** Whether a framework is reported as PCI DSS assessors do: by testing procedure with references to evidence. */
export function isPci({ framework }: Pick<ControlRow, 'framework'>): boolean {
  return framework.id.startsWith('pci-dss');
}

/**
 * Every testing procedure of PCI DSS with its evidence.
 *
 * @throws RangeError if the pack has ids but none for a path: the reference would be invalid
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
      evidence: evidence.map((path) => (ids === undefined ? `recording/${path}` : evidenceIdOf(path, ids))).sort(),
    })),
  );
}
