import type { Intent } from '../model/intent.ts';
import { runInExisting } from './existing-run.ts';
import { runInKind } from './kind-run.ts';
import { runInLab } from './lab-run.ts';
import type { RunPlan } from './plan-run.ts';

/** What a run needs beside its plan. */
export interface RunSurroundings {
  /** Absolute. */
  readonly out: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called after each mode, while the cluster is still up. */
  readonly recorded: (folder: string, intent: Intent) => Promise<void>;
  /** Ask a person; undefined where there is none to ask. */
  readonly ask: (() => Promise<boolean>) | undefined;
  /** Show a text before anything is done. */
  readonly show: (text: string) => void;
}

/** Carry a plan out where it says. */
export async function runPlan(plan: RunPlan, surroundings: RunSurroundings): Promise<void> {
  const { intents, nodes, scenario, fault, keys, accelerator, kind, existing } = plan;
  if (existing !== undefined) return runInExisting({ intents, existing, ...surroundings });
  const options = { intents, nodes, scenario, fault, ...surroundings };
  return kind === undefined
    ? runInLab({ ...options, keys, ...(accelerator === undefined ? {} : { accelerator }) })
    : runInKind({ ...options, kind });
}
