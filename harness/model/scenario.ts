/** What is done while recording. */
export const SCENARIOS = ['steady', 'rotation', 'agent-restart', 'pod-churn', 'node-join', 'node-leave', 'disable', 'upgrade'] as const;

export type ScenarioName = (typeof SCENARIOS)[number];
