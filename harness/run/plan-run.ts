import { fittingCell } from '../../clusters/datapath/faults/cells.ts';
import { FAULTS } from '../../clusters/faults.ts';
import type { FaultStatement } from '../model/cluster.ts';
import type { Intent } from '../model/intent.ts';
import { readComparisonKey } from './comparison-key.ts';
import { filedFlags } from './config/filed-flags.ts';
import { configFor, DEFAULT_FILE } from './config/load-config.ts';
import type { Config } from './config/schema.ts';
import { type ConfirmClaims, STATED_CLAIMS, type StatedClaims } from './confirm-claims.ts';
import { ExitError } from './exit-error.ts';
import { planSampling } from './next-sample.ts';
import { type ExistingPlan, planExisting } from './plan-existing.ts';
import { intentsOf, refuseClaims } from './plan-intents.ts';
import { planKeys } from './plan-keys.ts';
import { planKind } from './plan-kind.ts';
import { alertUrlOf, disruptionsOf, disruptiveScenario, planObservation } from './plan-observation.ts';
import { type Audience, providerOf } from './provider-of.ts';
import type { RunFlags, RunPlan } from './run-flags.ts';
import { targetOf } from './target-flags.ts';

const MIN_NODES = 2;
const MAX_NODES = 9;

/**
 * Flags override the configuration file, which overrides the defaults. Nothing is started for a plan that its provider refuses.
 *
 * @param folder folder of wirewitness.yaml when `--config` names no file
 * @param confirm gets a user's confirmation for claims about an existing cluster that were not stated
 * @throws ExitError (usage) naming the flag or the place in the file, and the limit
 */
export async function planRun(said: RunFlags, folder?: string, confirm: ConfirmClaims = nobodyConfirms): Promise<RunPlan> {
  const config = await configFor(said.config, folder);
  const filed = filedFlags(config);
  const target = targetOf(said, filed, said.config ?? DEFAULT_FILE);
  const flags = { ...filed, ...said };
  const nodes = flags.nodes === undefined ? 3 : Number(flags.nodes);
  if (!Number.isInteger(nodes) || nodes < MIN_NODES || nodes > MAX_NODES)
    throw ExitError.usage(`--nodes ${flags.nodes}: must be a whole number from ${MIN_NODES} to ${MAX_NODES}`);
  const broken = planFault(flags.fault);
  const disruptions = disruptionsOf(flags);
  const scenario = flags.scenario ?? broken?.scenario ?? disruptiveScenario(disruptions) ?? 'steady';
  const observed = planObservation(flags, scenario);
  const alertUrl = alertUrlOf(flags);
  if (scenario === 'observe' && target === 'kind')
    throw ExitError.usage('--scenario observe: nobody else changes a kind cluster that this run creates; use --target existing');
  const fault = broken?.id ?? null;
  if (scenario === 'upgrade' && (target !== 'kind' || flags.datapath === 'reference'))
    throw ExitError.usage('--scenario upgrade: only kind with Cilium has two versions (--target kind --datapath cilium)');
  const reference = target === 'lab' || (target === 'kind' && flags.datapath === 'reference');
  if (scenario === 'agent-start' && !reference)
    throw ExitError.usage(
      '--scenario agent-start: only the lab, and kind with --datapath reference, can hold an agent back on a node that has pods',
    );
  if (scenario === 'node-restart' && target !== 'lab')
    throw ExitError.usage('--scenario node-restart: only the nodes of the lab are cut off and started again; use --target lab');
  const comparisonKey = await plannedComparisonKey(flags, config);
  const existing = target === 'existing' ? planExisting(flags, scenario) : undefined;
  const claimedSo = existing === undefined ? kindClaims(flags, config) : await statedClaims(existing, flags, config, confirm);
  const claims = { ...flags, ...claimedSo };
  const claimed = intentsOf(claims, config.intent ?? {}, flags.config ?? DEFAULT_FILE);
  const plan: RunPlan = {
    target,
    ...(target === 'kind' ? { kind: planKind(flags, scenario) } : {}),
    ...(existing === undefined ? {} : { existing }),
    intents: claimed,
    nodes,
    scenario,
    ...(scenario === 'observe' ? { observation: { ...observed, disruptions } } : {}),
    ...(alertUrl === undefined ? {} : { alertUrl }),
    sampling: planSampling(flags),
    fault,
    ...(comparisonKey === undefined ? {} : { comparisonKey }),
    keys: planKeys(flags),
    ...(flags.accelerator === undefined ? {} : { accelerator: flags.accelerator }),
    out: flags.out ?? config.out ?? 'wirewitness-out',
  };
  const cannot = claimed.find(({ mode }) => mode !== 'ipsec');
  if (cannot !== undefined && disruptions.includes('rotation'))
    throw ExitError.usage(`--disruptive ${flags.disruptive}: only IPsec has a key that users rotate, and ${cannot.mode} is claimed`);
  refuseClaims(providerOf(plan, NOBODY), claimed, flags, config.intent ?? {}, flags.config ?? DEFAULT_FILE);
  return { ...plan, intents: intentsWith(broken, claimed) };
}

/** The secret of the flag, else of the file; undefined where neither names one. */
async function plannedComparisonKey({ fingerprintKey, config }: RunFlags, filed: Config): Promise<Uint8Array | undefined> {
  if (fingerprintKey !== undefined) return readComparisonKey(fingerprintKey, `--fingerprint-key ${fingerprintKey}`);
  const path = filed.fingerprintKey;
  return path === undefined ? undefined : readComparisonKey(path, `${config ?? DEFAULT_FILE}: fingerprintKey ${path}`);
}

/** Claims whose default depends on how a kind cluster is created. */
function kindClaims({ routing, profile, datapath, ciliumVersion }: RunFlags, { intent }: Config): StatedClaims {
  // A kernel outside the lab may not support tunnels by tc; native routing needs the least.
  const ofReference = datapath === 'reference' ? (intent?.routing ?? 'native') : undefined;
  const [how, version] = [routing ?? ofReference, profile ?? intent?.profile ?? ciliumVersion];
  return { ...(how === undefined ? {} : { routing: how }), ...(version === undefined ? {} : { profile: version }) };
}

/** The claims about an existing cluster: stated by flags or file, or confirmed. */
async function statedClaims(existing: ExistingPlan, flags: RunFlags, { intent }: Config, confirm: ConfirmClaims): Promise<StatedClaims> {
  const entries = STATED_CLAIMS.map((claim) => [claim, flags[claim] ?? intent?.[claim]] as const).filter(
    ([, value]) => value !== undefined,
  );
  const said: StatedClaims = Object.fromEntries(entries);
  return entries.length === STATED_CLAIMS.length ? said : confirm(existing, said);
}

const nobodyConfirms: ConfirmClaims = async (_, said) => {
  const unsaid = STATED_CLAIMS.filter((claim) => said[claim] === undefined);
  throw ExitError.usage(`--target existing: state the claim with ${unsaid.map((claim) => `--${claim}`).join(', ')}`);
};

/** During planning nothing is shown and nobody is asked. */
const NOBODY: Audience = { progress: () => {}, ask: undefined, show: () => {} };

/** The fault of a flag; undefined without one. @throws ExitError (usage) naming the known ones */
function planFault(id: string | undefined): FaultStatement | undefined {
  if (id === undefined) return undefined;
  const fault = FAULTS.find((candidate) => candidate.id === id);
  if (fault === undefined) throw ExitError.usage(`--fault ${id}: unknown; the lab knows ${FAULTS.map((f) => f.id).join(', ')}`);
  return fault;
}

/**
 * The intents in which a fault can be made: if no mode was named, those of the other mode are left out.
 * @throws ExitError (usage) when it can be made in none, with the reason of the catalogue
 */
function intentsWith(fault: FaultStatement | undefined, intents: readonly Intent[]): readonly Intent[] {
  if (fault === undefined) return intents;
  const fitting = intents.filter((intent) => fittingCell(fault, intent) !== undefined);
  if (fitting.length > 0) return fitting;
  const asked = intents.map(({ mode, routing, profile }) => `${mode}, ${routing}, profile ${profile}`).join('; ');
  throw ExitError.usage(`--fault ${fault.id}: cannot be made with ${asked}: ${fault.why}`);
}
