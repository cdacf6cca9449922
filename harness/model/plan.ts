import { canonicalJson } from './canonical-json.ts';
import type { ClusterDescription } from './cluster.ts';
import { clusterOfFirstForm } from './earlier-names.ts';
import type { Intent } from './intent.ts';
import type { RecordingManifest } from './recording.ts';
import type { Sample } from './sample.ts';
import type { ScenarioName } from './scenario.ts';

/** What was decided before anything was recorded. */
export interface Plan {
  /** Version of the tool, which decides the checks that will be judged. */
  readonly toolVersion: string;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  readonly intent: Intent;
  readonly cluster: ClusterDescription;
  /** Absent: all ordered pairs of nodes are driven. */
  readonly sample?: Sample;
}

/** The plan that a recording was made by. */
export function planOf({ tool, run, intent, cluster, sample }: RecordingManifest): Plan {
  const { scenario, fault } = run;
  return { toolVersion: tool.version, scenario, fault, intent, cluster, ...(sample === undefined ? {} : { sample }) };
}

/** The plan as text for hashing: the journal's first event has its SHA-256, an evidence pack the text itself. */
export function planText({ toolVersion, scenario, fault, intent, cluster, sample }: Plan): string {
  const sampled = sample === undefined ? {} : { sample };
  return canonicalJson({ schema: 1, toolVersion, scenario, fault, intent, cluster: clusterOfFirstForm(cluster), ...sampled });
}
