import { WITNESS_IMAGE } from '../../clusters/demo/names.ts';
import type { ClientOutside } from '../../clusters/existing/names.ts';
import type { ExistingOptions } from '../../clusters/existing/provider.ts';
import type { EnvironmentClass } from '../model/cluster.ts';
import type { ScenarioName } from '../model/scenario.ts';
import { NAMESPACE } from '../stacks/cilium/names.ts';
import { ExitError } from './exit-error.ts';
import { disruptionsOf, type ObservationFlags, refuseToDisturb } from './plan-observation.ts';

/** The flags of `run` and `record` for an existing cluster. */
export interface ExistingFlags extends ObservationFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly ciliumNamespace?: string;
  readonly namespace?: string;
  readonly nodeSelector?: string;
  readonly witnessImage?: string;
  readonly observeOnly?: boolean;
  readonly yes?: boolean;
  readonly environment?: EnvironmentClass;
  readonly injectInbound?: string;
  readonly clientOutside?: ClientOutside;
}

/** How an existing cluster is examined. */
export interface ExistingPlan extends Omit<ExistingOptions, 'progress' | 'approve'> {
  /** Create without asking. */
  readonly yes: boolean;
}

/** @throws ExitError (usage) for what is not allowed in an existing cluster */
export function planExisting(flags: ExistingFlags, scenario: ScenarioName): ExistingPlan {
  const disruptions = disruptionsOf(flags);
  refuseToDisturb(scenario, flags, disruptions);
  refuseToInject(scenario, flags);
  if (flags.clientOutside !== undefined && flags.observeOnly === true)
    throw ExitError.usage(`--client-outside ${flags.clientOutside}: needs pods that answer, and --observe-only creates nothing`);
  return {
    disruptions,
    ciliumNamespace: flags.ciliumNamespace ?? NAMESPACE,
    nodeSelector: selectorOf(flags.nodeSelector),
    image: flags.witnessImage ?? WITNESS_IMAGE,
    observeOnly: flags.observeOnly ?? false,
    yes: flags.yes ?? false,
    environmentClass: flags.environment ?? 'production-readonly',
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.namespace === undefined ? {} : { namespace: flags.namespace }),
    ...(flags.context === undefined ? {} : { context: flags.context }),
    ...(flags.clientOutside === undefined ? {} : { clientOutside: flags.clientOutside }),
    ...(flags.injectInbound === undefined ? {} : { injectInbound: flags.injectInbound }),
  };
}

/** @throws ExitError (usage) where no packet would be sent, so that nobody believes that one was */
function refuseToInject(scenario: ScenarioName, { injectInbound, observeOnly = false }: ExistingFlags): void {
  if (injectInbound === undefined) return;
  if (scenario !== 'steady')
    throw ExitError.usage(`--inject-inbound ${injectInbound}: only --scenario steady sends the packet, and this is ${scenario}`);
  if (observeOnly)
    throw ExitError.usage(`--inject-inbound ${injectInbound}: needs pods that send and answer, and --observe-only creates nothing`);
}

function selectorOf(text: string | undefined): Record<string, string> {
  if (text === undefined) return {};
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value, more] = pair.split('=');
      if (key === '' || value === undefined || more !== undefined)
        throw ExitError.usage(`--node-selector ${text}: must be key=value, separated by commas`);
      return [key, value];
    }),
  );
}
