import type { AcceleratorChoice } from '../../clusters/lab/vm/accelerator.ts';
import type { Intent } from '../model/intent.ts';
import type { Mode, Routing } from '../model/mode.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { configFor, DEFAULT_FILE } from './config/load-config.ts';
import { ExitError } from './exit-error.ts';
import { type ExistingFlags, type ExistingPlan, planExisting } from './plan-existing.ts';
import { intentsWith, planFault } from './plan-fault.ts';
import { intentsOf, refuseClaims } from './plan-intents.ts';
import { type KeyFlags, type KeyPlan, planKeys } from './plan-keys.ts';
import { type KindFlags, type KindPlan, planKind } from './plan-kind.ts';
import { type Audience, providerOf } from './provider-of.ts';

/** Providers of clusters by name. */
type TargetName = 'lab' | 'kind' | 'existing';

/** The flags of `run` and `record` as the command line hands them over. */
export interface RunFlags extends KindFlags, ExistingFlags, KeyFlags {
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
  readonly fault: string | null;
  /** Of the lab's keys. */
  readonly keys: KeyPlan;
  /** Of the lab; absent where the environment or the machine decides. */
  readonly accelerator?: AcceleratorChoice;
  /** As named, relative to the working directory. */
  readonly out: string;
}

const MIN_NODES = 2;
const MAX_NODES = 9;

/**
 * Flags over the configuration file over the defaults. Nothing is started for a plan that its provider refuses.
 *
 * @param folder where wirewitness.yaml is looked for when `--config` names no file
 * @throws ExitError (usage) naming the flag or the place in the file, and the limit
 */
export async function planRun(flags: RunFlags, folder?: string): Promise<RunPlan> {
  const config = await configFor(flags.config, folder);
  const nodes = flags.nodes === undefined ? (config.nodes ?? 3) : Number(flags.nodes);
  if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES)
    throw ExitError.usage(`--nodes ${flags.nodes}: must be a whole number from ${MIN_NODES} to ${MAX_NODES}`);
  const broken = planFault(flags.fault);
  const target = flags.target ?? config.target ?? 'lab';
  // A kernel outside the lab may not be able to put packets into tunnels by tc; native routing needs least of it.
  const routing = flags.routing ?? config.intent?.routing ?? (flags.datapath === 'reference' ? 'native' : 'vxlan');
  const claimed = intentsOf(target === 'lab' ? flags : { ...flags, routing }, config.intent ?? {}, flags.config ?? DEFAULT_FILE);
  const scenario = flags.scenario ?? broken?.scenario ?? 'steady';
  const fault = broken?.id ?? null;
  if (scenario === 'upgrade' && (target !== 'kind' || flags.datapath === 'reference'))
    throw ExitError.usage(
      '--scenario upgrade: there are versions to go between only in kind with Cilium (--target kind --datapath cilium)',
    );
  const plan: RunPlan = {
    target,
    ...(target === 'kind' ? { kind: planKind(flags, scenario) } : {}),
    ...(target === 'existing' ? { existing: planExisting(flags, scenario, fault) } : {}),
    intents: claimed,
    nodes,
    scenario,
    fault,
    keys: planKeys(flags),
    ...(flags.accelerator === undefined ? {} : { accelerator: flags.accelerator }),
    out: flags.out ?? config.out ?? 'wirewitness-out',
  };
  refuseClaims(providerOf(plan, NOBODY), claimed, flags, config.intent ?? {}, flags.config ?? DEFAULT_FILE);
  return { ...plan, intents: intentsWith(broken, claimed) };
}

/** While it is planned nothing is shown and nobody is asked. */
const NOBODY: Audience = { progress: () => {}, ask: undefined, show: () => {} };
