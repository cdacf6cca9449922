import { join } from 'node:path';
import { startLab } from '../../clusters/lab/lab.ts';
import type { AcceleratorChoice } from '../../clusters/lab/vm/accelerator.ts';
import { EnvironmentError } from '../model/environment-error.ts';
import type { Intent } from '../model/intent.ts';
import { FAMILIES, type Family } from '../model/mode.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { RunClock } from '../record/run-clock.ts';
import type { KeyPlan } from './plan-keys.ts';
import { recordInLab } from './record-in-lab.ts';

export interface LabRunOptions {
  /** One recording for each, one after the other in the same lab. */
  readonly intents: readonly Intent[];
  readonly nodes: number;
  readonly scenario: ScenarioName;
  readonly fault: string | null;
  readonly keys: KeyPlan;
  readonly accelerator?: AcceleratorChoice;
  /** Receives a folder a mode, each with `recording/`. */
  readonly out: string;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
  /** Called after each mode, while the lab is still up. */
  readonly recorded: (folder: string, intent: Intent) => Promise<void>;
}

/** Bring a lab up, record every intent in it, and take it down again, whatever happens. */
export async function runInLab(options: LabRunOptions): Promise<void> {
  const { intents, nodes, scenario, fault, keys, accelerator, out, progress, signal, recorded } = options;
  const clock = new RunClock();
  const chosen = accelerator === undefined ? {} : { accelerator };
  await using lab = await startLab({ nodes, families: familiesOf(intents), signal, progress, ...chosen });
  for (const intent of intents) {
    signal.throwIfAborted();
    const folder = join(out, intent.mode);
    const told = (line: string) => progress(`${intent.mode}: ${line}`);
    await recordInLab({ lab, intent, scenario, fault, ...keys, folder, progress: told, signal, clock }).catch((error: unknown) => {
      const why = lab.lost();
      throw why === undefined
        ? error
        : new EnvironmentError(`the lab was lost while ${intent.mode} was recorded: ${why}`, { cause: error });
    });
    await recorded(folder, intent);
  }
  progress('taking the lab down');
}

/** Every family that one of the intents claims, IPv4 first, because tunnels run over a node's first address. */
function familiesOf(intents: readonly Intent[]): Family[] {
  return FAMILIES.filter((family) => intents.some(({ families }) => families.includes(family)));
}
