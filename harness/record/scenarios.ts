import type { ScenarioName } from '../model/scenario.ts';
import { recordSteady, type ScenarioOptions } from './steady.ts';

/** What a scenario does while it records. */
export type Scenario = (options: ScenarioOptions) => Promise<void>;

/** Every scenario that can be recorded, by name. */
export const scenarios: Readonly<Partial<Record<ScenarioName, Scenario>>> = {
  steady: recordSteady,
};
