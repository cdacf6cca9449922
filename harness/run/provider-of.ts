import { enrolmentWords } from '../../clusters/existing/enrolment.ts';
import { creationPlan } from '../../clusters/existing/objects.ts';
import { type ExistingOptions, existingProvider } from '../../clusters/existing/provider.ts';
import { kindProvider } from '../../clusters/kind/provider.ts';
import { labProvider } from '../../clusters/lab/provider.ts';
import type { Kube } from '../kube/kube.ts';
import type { KubeObject } from '../kube/object.ts';
import type { Intent } from '../model/intent.ts';
import { FAMILIES, type Family } from '../model/mode.ts';
import type { ClusterProvider } from '../model/provider.ts';
import { stackOf } from '../stacks/stack-of.ts';
import { ExitError } from './exit-error.ts';
import type { ExistingPlan } from './plan-existing.ts';
import type { RunPlan } from './run-flags.ts';

/** The user of the run, and what is shown to them. */
export interface Audience {
  readonly progress: (line: string) => void;
  /** Ask the user; undefined if there is no terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Show a text before anything is done. */
  readonly show: (text: string) => void;
}

/** The provider of a plan. Nothing is started. */
export function providerOf(plan: RunPlan, audience: Audience): ClusterProvider {
  const { intents, nodes, scenario, keys, accelerator, kind, existing } = plan;
  const { progress } = audience;
  if (kind !== undefined) return kindProvider({ ...kind, nodes, scenario, progress });
  if (existing !== undefined) {
    const approve: ExistingOptions['approve'] = (cluster, objects) =>
      approved({ ...existing, enrols: enrolmentIn(intents, existing) }, cluster, objects, audience);
    return existingProvider({ ...existing, progress, approve });
  }
  const chosen = accelerator === undefined ? {} : { accelerator };
  return labProvider({ ...keys, ...chosen, nodes, families: familiesOf(intents), progress, scenario });
}

/** What the run puts on its namespace to enrol pods in a mesh, after it has created them; undefined if nothing. */
function enrolmentIn(intents: readonly Intent[], { namespace, observeOnly }: ExistingPlan): string | undefined {
  if (namespace !== undefined || observeOnly) return undefined;
  const [later] = intents.map((intent) => stackOf(intent).enrolment).filter((enrolment) => enrolment?.runningPods.value === true);
  return later === undefined ? undefined : enrolmentWords(later);
}

/** @throws ExitError (usage) when nobody agreed, or where packets were allowed in another cluster */
async function approved(
  { yes, disruptions, injectInbound, enrols }: ExistingPlan & { readonly enrols: string | undefined },
  { name, context }: Pick<Kube, 'name' | 'context'>,
  objects: readonly KubeObject[],
  { ask, show }: Audience,
): Promise<void> {
  if (injectInbound !== undefined && injectInbound !== context)
    throw ExitError.usage(
      `--inject-inbound ${injectInbound}: the run examines the context ${context}, so nothing was created and nothing was sent; name that one, or choose the other with --context`,
    );
  if (objects.length === 0) return show(`In cluster ${name} nothing will be created.\n`);
  show(creationPlan(name, objects, { disruptions, injects: injectInbound !== undefined, ...(enrols === undefined ? {} : { enrols }) }));
  if (yes) return;
  if (ask === undefined) throw ExitError.usage('nothing was created: say --yes to agree, or --observe-only to create nothing');
  if (!(await ask('Create this?'))) throw ExitError.usage('nothing was created: the answer to the plan was no');
  if (disruptions.length > 0 && !(await ask(`Change the cluster as listed above (${disruptions.join(', ')})?`)))
    throw ExitError.usage('nothing was created: the answer to the changes was no');
  if (injectInbound !== undefined && !(await ask('Send the readable packets listed above?')))
    throw ExitError.usage('nothing was created: the answer to the packets was no');
}

/** Every family that one of the intents claims, IPv4 first, because tunnels use a node's first address. */
function familiesOf(intents: readonly Intent[]): Family[] {
  return FAMILIES.filter((family) => intents.some(({ families }) => families.includes(family)));
}
