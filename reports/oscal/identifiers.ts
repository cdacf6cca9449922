import type { ControlRow } from '../controls/rows.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { type LocalObjective, OSCAL_NAMESPACE, type OscalProperty } from './oscal.ts';

/** Id of a control: NIST's if its catalog has an objective, else our own, which begins with the framework. */
export function controlId(row: Pick<ControlRow, 'framework' | 'control' | 'objective'>): string {
  if (row.objective !== null) return row.control;
  return `${row.framework.id}_${row.control.replace(/[^A-Za-z0-9.-]+/g, '_').replace(/_+$/, '')}`;
}

/** Id of a control's objective. Ids that are not NIST's are defined in the documents themselves. */
export function objectiveId(row: Pick<ControlRow, 'framework' | 'control' | 'objective'>): string {
  return row.objective ?? `${controlId(row)}_obj`;
}

/** Objectives that no published catalog defines: id and our own words. */
export function localObjectives(rows: readonly ControlRow[]): readonly LocalObjective[] {
  return rows
    .filter(({ objective }) => objective === null)
    .map((row) => ({
      'control-id': controlId(row),
      parts: [{ id: objectiveId(row), name: 'assessment-objective', prose: row.paraphrase }],
    }));
}

/** The tool as an actor: the same in the plan and in the results of a run. */
export function toolUuid(run: string): string {
  return deterministicUuid(run, 'oscal', 'tool');
}

export function property(name: string, value: string): OscalProperty {
  return { name, ns: OSCAL_NAMESPACE, value };
}
