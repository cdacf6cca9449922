import * as z from 'zod';

/** What is done while recording. `observe`: nothing; what other people change meanwhile is recorded and judged. */
export const SCENARIOS = [
  'steady',
  'rotation',
  'agent-start',
  'agent-restart',
  'pod-churn',
  'pod-delete',
  'node-join',
  'node-leave',
  'node-restart',
  'disable',
  'upgrade',
  'observe',
] as const;

export const scenarioSchema = z.enum(SCENARIOS);
export type ScenarioName = (typeof SCENARIOS)[number];

/** Changes that a run makes in a cluster that other people use, only when requested by name. */
export const DISRUPTIONS = ['rotation', 'agent-restart'] as const satisfies readonly ScenarioName[];
export type Disruption = (typeof DISRUPTIONS)[number];
