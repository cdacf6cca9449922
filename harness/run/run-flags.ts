import type { AcceleratorChoice } from '../../clusters/lab/vm/accelerator.ts';
import type { Intent } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { ScenarioName } from '../model/scenario.ts';
import type { Observation } from '../record/session.ts';
import type { SampleFlags, Sampling } from './next-sample.ts';
import type { ExistingFlags, ExistingPlan } from './plan-existing.ts';
import type { KeyFlags, KeyPlan } from './plan-keys.ts';
import type { KindFlags, KindPlan } from './plan-kind.ts';
import type { TargetName } from './target-name.ts';

/** The flags of `run` and `record` as on the command line. */
export interface RunFlags extends KindFlags, ExistingFlags, KeyFlags, SampleFlags {
  readonly target?: TargetName;
  readonly mode?: Mode;
  readonly profile?: string;
  readonly routing?: Routing;
  readonly nodes?: string;
  readonly nodeEncryption?: boolean;
  readonly families?: string;
  readonly scenario?: ScenarioName;
  readonly fault?: string;
  readonly config?: string;
  readonly fingerprintKey?: string;
  readonly out?: string;
  readonly accelerator?: AcceleratorChoice;
}

/** What will be run. */
export interface RunPlan {
  readonly target: TargetName;
  /** For the target `kind` only. */
  readonly kind?: KindPlan;
  /** For the target `existing` only. */
  readonly existing?: ExistingPlan;
  readonly intents: readonly Intent[];
  readonly nodes: number;
  readonly scenario: ScenarioName;
  /** For the scenario `observe` only. */
  readonly observation?: Omit<Observation, 'endsEarly' | 'watched'>;
  /** Who is told of what a watch finds. It may hold a token: it is printed and kept nowhere. */
  readonly alertUrl?: URL;
  /** Which ordered pairs of nodes are driven. */
  readonly sampling: Sampling;
  readonly fault: string | null;
  /** Secret of the user, under which keys of several runs are compared. Never written or printed. */
  readonly comparisonKey?: Uint8Array;
  /** Of the lab's keys. */
  readonly keys: KeyPlan;
  /** Of the lab; absent: the environment or the machine decides. */
  readonly accelerator?: AcceleratorChoice;
  /** As given, relative to the working directory. */
  readonly out: string;
}
