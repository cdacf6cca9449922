import type { Report } from '../../harness/model/report.ts';
import type { CheckVerdict } from '../../harness/model/verdict.ts';
import { observedOf, reasonOf } from '../../harness/model/verdict.ts';
import { type EvidenceIds, evidenceIdOf } from '../controls/evidence-ids.ts';
import type { ControlRow } from '../controls/rows.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { oneLine } from '../printable.ts';
import { topicsOf } from '../topics.ts';
import { property, toolUuid } from './identifiers.ts';
import type { OscalMethod, OscalObservation } from './oscal.ts';

/** Where the evidence is, relative to the document. */
export interface EvidencePlace {
  /** The recording's folder: `recording` beside the reports, `../recording` inside a pack. */
  readonly folder: string;
  /** Ids that a pack gave. */
  readonly ids?: EvidenceIds;
}

/** Topics that test the system under traffic; the others read its state. */
const TESTED = new Set(['WIR', 'ROT', 'LIF']);

/** Whether a check observed something: not if it did not apply or was not exercised. */
function observed({ verdict }: Pick<CheckVerdict, 'verdict'>): boolean {
  return verdict !== 'not-applicable' && verdict !== 'not-exercised';
}

/** One observation for each check that is evidence for the tested controls of a framework. */
export function observationsOf(
  report: Report,
  rows: readonly ControlRow[],
  clusterUuid: string,
  place: EvidencePlace,
): readonly OscalObservation[] {
  const framework = rows[0]?.framework.id ?? '';
  const used = new Set(rows.flatMap(({ checks }) => checks.map(({ id }) => id)));
  return topicsOf(report)
    .flatMap((topic) => topic.rows)
    .filter(({ finding }) => used.has(finding.id) && observed(finding))
    .map(({ statement, finding }) => ({
      uuid: observationUuid(report, framework, finding.id),
      title: oneLine(`${finding.id}: ${statement.must}`),
      description: oneLine(reasonOf(finding)) || 'no reason was given',
      props: [property('verdict', finding.verdict), property('check', finding.id)],
      methods: [methodOf(finding.id)],
      types: ['control-objective'],
      origins: [{ actors: [{ type: 'tool', 'actor-uuid': toolUuid(report.run.id) }] }],
      subjects: [{ 'subject-uuid': clusterUuid, type: 'component' }],
      ...evidenceOf(finding.evidence, place),
      collected: report.run.endedAt.utc,
      remarks: oneLine(`Expected: ${finding.expected}. Observed: ${observedOf(finding)}.`),
    }));
}

/** References to the observations that are evidence for a control. */
export function relatedObservations(report: Report, row: ControlRow): readonly { readonly 'observation-uuid': string }[] {
  return row.checks.filter(observed).map(({ id }) => ({ 'observation-uuid': observationUuid(report, row.framework.id, id) }));
}

function observationUuid(report: Report, framework: string, check: string): string {
  return deterministicUuid(report.run.id, 'oscal', framework, 'observation', check);
}

function methodOf(check: string): OscalMethod {
  return TESTED.has(check.slice(0, 3)) ? 'TEST' : 'EXAMINE';
}

function evidenceOf(paths: readonly string[], { folder, ids }: EvidencePlace): Pick<OscalObservation, 'relevant-evidence'> {
  if (paths.length === 0) return {};
  return {
    'relevant-evidence': paths.map((path) => ({
      href: `${folder}/${path.split('/').map(encodeURIComponent).join('/')}`,
      description: oneLine(path),
      ...(ids === undefined ? {} : { props: [property('evidence-id', evidenceIdOf(path, ids))] }),
    })),
  };
}
