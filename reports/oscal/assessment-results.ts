import type { Report } from '../../harness/model/report.ts';
import type { ControlMatrix, ControlRow } from '../controls/rows.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { limitLines } from '../limits.ts';
import { oneLine } from '../printable.ts';
import { verdictSentence } from '../summary.ts';
import { findingsOf, isTested } from './findings.ts';
import { controlId, localObjectives, objectiveId, property } from './identifiers.ts';
import { oscalMetadata } from './metadata.ts';
import { type EvidencePlace, observationsOf } from './observations.ts';
import type { AssessmentResult, AssessmentResultsDocument, OscalComponent, ReviewedControls } from './oscal.ts';

/** File name of the plan that the results import. */
export const PLAN_FILE = 'oscal-assessment-plan.json';

const BESIDE_RECORDING: EvidencePlace = { folder: 'recording' };

/** Files beside the results, from the same recording. */
const BESIDE = ['report.json', 'controls.json', 'cbom.json'];

/** OSCAL assessment results: one result for each framework, one observation for each check, one finding for each control with evidence. */
export function assessmentResults(
  report: Report,
  matrix: ControlMatrix,
  place: EvidencePlace = BESIDE_RECORDING,
): AssessmentResultsDocument {
  const objectives = localObjectives(matrix.rows);
  return {
    'assessment-results': {
      uuid: deterministicUuid(report.run.id, 'oscal', 'assessment-results'),
      metadata: oscalMetadata(report, 'Assessment results'),
      'import-ap': { href: PLAN_FILE },
      ...(objectives.length === 0 ? {} : { 'local-definitions': { 'objectives-and-methods': objectives } }),
      results: [...Map.groupBy(matrix.rows, ({ framework }) => framework.id)].map(([id, rows]) => resultOf(report, id, rows, place)),
      'back-matter': { resources: BESIDE.map((file) => resource(report, file)) },
    },
  };
}

/** oscal-assessment-results.json. The same report and matrix give the same bytes. */
export function writeAssessmentResults(report: Report, matrix: ControlMatrix, place?: EvidencePlace): string {
  return `${JSON.stringify(assessmentResults(report, matrix, place), null, 2)}\n`;
}

function resultOf(report: Report, framework: string, rows: readonly ControlRow[], place: EvidencePlace): AssessmentResult {
  const tested = rows.filter(isTested);
  const cluster = clusterOf(report, framework);
  const observations = observationsOf(report, tested, cluster.uuid, place);
  const findings = findingsOf(report, rows);
  return {
    uuid: deterministicUuid(report.run.id, 'oscal', framework, 'result'),
    title: rows[0]?.framework.title ?? framework,
    description: oneLine(verdictSentence(report)),
    start: report.run.startedAt.utc,
    end: report.run.endedAt.utc,
    props: [property('environment-class', report.environment.class), property('run', report.run.id), property('verdict', report.verdict)],
    links: BESIDE.map((file) => ({ href: `#${resourceUuid(report, file)}`, rel: 'reference' })),
    'local-definitions': { components: [cluster] },
    'reviewed-controls': reviewed(rows, tested),
    ...(observations.length === 0 ? {} : { observations }),
    ...(findings.length === 0 ? {} : { findings }),
    remarks: [...untested(rows), ...limitLines(report)].map(oneLine).join('\n\n'),
  };
}

/** A selection must name controls. If none was tested, it names the considered ones and says so. */
function reviewed(rows: readonly ControlRow[], tested: readonly ControlRow[]): ReviewedControls {
  const selected = tested.length > 0 ? tested : rows;
  const description =
    tested.length > 0
      ? 'Controls to which evidence of this run speaks.'
      : 'Controls that were considered; none of them was tested in this run.';
  return {
    'control-selections': [{ description, 'include-controls': selected.map((row) => ({ 'control-id': controlId(row) })) }],
    'control-objective-selections': [{ 'include-objectives': selected.map((row) => ({ 'objective-id': objectiveId(row) })) }],
  };
}

function untested(rows: readonly ControlRow[]): string[] {
  return rows
    .filter((row) => !isTested(row))
    .map((row) => `${row.control}: ${row.status === 'not-applicable' ? '' : 'not tested, '}${row.statusReason}.`);
}

function clusterOf(report: Report, framework: string): OscalComponent {
  const { cluster, class: environment } = report.environment;
  return {
    uuid: deterministicUuid(report.run.id, 'oscal', framework, 'cluster'),
    type: 'system',
    title: oneLine(cluster.name) || 'cluster',
    description: oneLine(
      `Cluster of ${cluster.nodes.length} nodes (${cluster.nodes.map(({ name }) => name).join(', ')}), provider ${cluster.provider}.`,
    ),
    props: [property('environment-class', environment)],
    status: { state: 'operational' },
  };
}

function resource(report: Report, file: string): AssessmentResultsDocument['assessment-results']['back-matter']['resources'][number] {
  return {
    uuid: resourceUuid(report, file),
    title: file,
    description: 'Written beside this document from the same recording.',
    rlinks: [{ href: file, 'media-type': 'application/json' }],
  };
}

function resourceUuid(report: Report, file: string): string {
  return deterministicUuid(report.run.id, 'oscal', 'resource', file);
}
