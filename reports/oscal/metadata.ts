import type { Report } from '../../harness/model/report.ts';
import { oneLine } from '../printable.ts';
import { property } from './identifiers.ts';
import { OSCAL_VERSION, type OscalMetadata } from './oscal.ts';

/** Metadata of a document about one run. The only time is the recording's. */
export function oscalMetadata(report: Report, title: string): OscalMetadata {
  return {
    title: oneLine(`${title}: encryption between the nodes of ${report.environment.cluster.name}, run ${report.run.id}`),
    'last-modified': report.run.endedAt.utc,
    version: report.tool.version,
    'oscal-version': OSCAL_VERSION,
    props: [property('environment-class', report.environment.class), property('run', report.run.id)],
    remarks:
      'Written by a tool from a recording. It says what evidence supports, never that a requirement is met: that is for the assessor.',
  };
}
