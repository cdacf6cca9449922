import { canonicalJson } from './canonical-json.ts';
import type { ClusterDescription } from './cluster.ts';
import { clusterOfFirstForm } from './earlier-names.ts';
import type { Intent } from './intent.ts';
import type { ScenarioName } from './scenario.ts';

/** What was decided before anything was recorded. */
export interface Plan {
  /** Version of the tool, which decides the checks that will be judged. */
  readonly toolVersion: string;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  readonly intent: Intent;
  readonly cluster: ClusterDescription;
}

/** The plan as text for hashing: the journal's first event has its SHA-256, an evidence pack the text itself. */
export function planText({ toolVersion, scenario, fault, intent, cluster }: Plan): string {
  return canonicalJson({ schema: 1, toolVersion, scenario, fault, intent, cluster: clusterOfFirstForm(cluster) });
}
