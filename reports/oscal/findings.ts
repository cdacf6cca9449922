import type { Report } from '../../harness/model/report.ts';
import type { ControlRow } from '../controls/rows.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { objectiveId, property } from './identifiers.ts';
import { relatedObservations } from './observations.ts';
import type { OscalFinding } from './oscal.ts';

type Status = OscalFinding['target']['status'];

/** Whether a row gives a finding: it has evidence, and the requirement is not declared as not applicable. */
export function isTested({ status }: ControlRow): boolean {
  return status !== 'not-tested' && status !== 'not-applicable';
}

/** One finding for each tested control. */
export function findingsOf(report: Report, rows: readonly ControlRow[]): readonly OscalFinding[] {
  return rows.filter(isTested).map((row) => ({
    uuid: deterministicUuid(report.run.id, 'oscal', row.framework.id, 'finding', row.control),
    title: `${row.framework.title}, ${row.control}`,
    description: row.paraphrase,
    props: [
      property('verdict', row.status),
      property('strength', row.strength),
      property('applicability', row.applicability.state),
      property('environment-class', report.environment.class),
    ],
    target: { type: 'objective-id', 'target-id': objectiveId(row), status: statusOf(row) },
    'related-observations': relatedObservations(report, row),
    remarks: `Remains for the assessor: ${row.remains}`,
  }));
}

/**
 * OSCAL has two states. `satisfied` is used only for direct evidence of a control that is declared to bind: `not-satisfied` with the reason
 * `other` is SP 800-53A's "other than satisfied", not decided, and says so.
 */
function statusOf(row: ControlRow): Status {
  const said = `Verdict of the tool: ${row.status}; strength of the evidence: ${row.strength}; ${row.applicability.reason}.`;
  const caps = row.caps.length === 0 ? '' : ` Bounded: ${row.caps.join('; ')}.`;
  const reason = row.statusReason === '' ? '' : ` ${row.statusReason}.`;
  if (row.status === 'contradicts')
    return { state: 'not-satisfied', reason: 'fail', remarks: `The evidence contradicts the objective. ${said}${caps}${reason}` };
  const decided = row.status === 'supports' && row.strength === 'direct' && row.applicability.state === 'applicable' && reason === '';
  if (decided)
    return { state: 'satisfied', reason: 'pass', remarks: `As far as tests can show it; the determination is the assessor's. ${said}` };
  return { state: 'not-satisfied', reason: 'other', remarks: `Not decided by this tool: no failure was found. ${said}${caps}${reason}` };
}
