import type { Report } from '../../harness/model/report.ts';
import type { ControlMatrix } from '../controls/rows.ts';
import { deterministicUuid } from '../deterministic-uuid.ts';
import { oneLine } from '../printable.ts';
import { modeName, stackName } from '../summary.ts';
import { controlId, localObjectives, objectiveId, toolUuid } from './identifiers.ts';
import { oscalMetadata } from './metadata.ts';
import type { AssessmentPlanDocument } from './oscal.ts';

/** A small assessment plan that the results import: the controls, the tool and what it does. */
export function assessmentPlan(report: Report, matrix: ControlMatrix): AssessmentPlanDocument {
  const id = (...parts: string[]): string => deterministicUuid(report.run.id, 'oscal', 'plan', ...parts);
  const ssp = id('ssp');
  const objectives = localObjectives(matrix.rows);
  const within = matrix.rows.filter(({ checks }) => checks.length > 0);
  return {
    'assessment-plan': {
      uuid: id(),
      metadata: oscalMetadata(report, 'Assessment plan'),
      'import-ssp': { href: `#${ssp}`, remarks: "The system security plan is the operator's; none was handed to the tool." },
      ...(objectives.length === 0 ? {} : { 'local-definitions': { 'objectives-and-methods': objectives } }),
      'reviewed-controls': {
        'control-selections': [
          {
            description: 'Controls that have a procedure within reach of the tool.',
            'include-controls': within.map((row) => ({ 'control-id': controlId(row) })),
          },
        ],
        'control-objective-selections': [{ 'include-objectives': within.map((row) => ({ 'objective-id': objectiveId(row) })) }],
      },
      'assessment-subjects': [{ type: 'component', description: 'The cluster of the recording.', 'include-all': {} }],
      'assessment-assets': {
        components: [
          {
            uuid: toolUuid(report.run.id),
            type: 'software',
            title: report.tool.name,
            description: `${report.tool.name} ${report.tool.version}: records a cluster under traffic and judges the recording.`,
            status: { state: 'operational' },
          },
        ],
        'assessment-platforms': [
          {
            uuid: id('platform'),
            title: `Node.js ${report.tool.node}`,
            'uses-components': [{ 'component-uuid': toolUuid(report.run.id) }],
          },
        ],
      },
      tasks: [
        {
          uuid: id('task'),
          type: 'action',
          title: `Record the scenario ${report.run.scenario} and judge the recording`,
          description: oneLine(
            `Claim: ${modeName(report.intent.mode)} over ${report.intent.routing}, as ${stackName(report.intent)}. Checks: ${report.checks.map((check) => check.id).join(', ')}.`,
          ),
        },
      ],
      'back-matter': {
        resources: [{ uuid: ssp, title: 'System security plan', description: 'Not supplied: to be named by the operator.' }],
      },
    },
  };
}

/** oscal-assessment-plan.json. The same report and matrix give the same bytes. */
export function writeAssessmentPlan(report: Report, matrix: ControlMatrix): string {
  return `${JSON.stringify(assessmentPlan(report, matrix), null, 2)}\n`;
}
