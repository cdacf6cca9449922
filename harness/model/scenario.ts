import * as z from 'zod';

/** What is done while recording. */
export const SCENARIOS = ['steady', 'rotation', 'agent-restart', 'pod-churn', 'node-join', 'node-leave', 'disable', 'upgrade'] as const;

export const scenarioSchema = z.enum(SCENARIOS);
export type ScenarioName = (typeof SCENARIOS)[number];
