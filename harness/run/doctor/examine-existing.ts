import { type DeclaredClaims, declaredClaims } from '../../../clusters/cilium/declared-claims.ts';
import { WITNESS_IMAGE } from '../../../clusters/demo/names.ts';
import type { Kube } from '../../kube/kube.ts';
import { openKube } from '../../kube/kube.ts';
import { KubeError } from '../../kube/kube-error.ts';
import type { KubeObject } from '../../kube/object.ts';
import { AGENT_LABEL, CONFIG_MAP, NAMESPACE } from '../../stacks/cilium/names.ts';
import { profileFor } from '../../stacks/cilium/profiles/profile-for.ts';
import { disruptionsOf } from '../plan-observation.ts';
import type { MachineFinding } from './examine-machine.ts';
import { examineRights, LABEL_ENFORCE } from './rights.ts';

export interface ExistingQuestion {
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Namespace in which a run would create; absent: a new one. */
  readonly namespace?: string;
  /** Namespace of the agents. */
  readonly ciliumNamespace?: string;
  readonly witnessImage?: string;
  /** What a run would change, as typed. */
  readonly disruptive?: string;
}

/** What a cluster has and what is missing for a run, what this user may do there, and the run's command line. Creates nothing. */
export async function examineExisting(question: ExistingQuestion): Promise<MachineFinding[]> {
  const name = 'cluster';
  disruptionsOf(question);
  try {
    const kube = await openKube(question);
    const version = await kube.version();
    const { ciliumNamespace = NAMESPACE } = question;
    const rights = await examineRights(kube, {
      agents: ciliumNamespace,
      own: question.namespace,
      disruptions: disruptionsOf(question),
    });
    const nodes = await kube.list('v1', 'Node', undefined, 'kubernetes.io/os=linux');
    const agents = await kube.list('v1', 'Pod', ciliumNamespace, AGENT_LABEL);
    const declared = await declaredClaims(kube, ciliumNamespace);
    return [
      { name, state: 'ok', detail: `${kube.name}, Kubernetes ${version}`, fix: '' },
      finding('nodes', nodes.length >= 2, `${nodes.length} with Linux, at least 2 are needed`, 'examine a cluster with more nodes'),
      {
        ...finding(
          'agents',
          agents.length > 0,
          `${agents.length} pod(s) with ${AGENT_LABEL} in ${ciliumNamespace}`,
          'name their namespace with --cilium-namespace; without agents their checks are not exercised',
        ),
        ...(agents.length > 0 ? {} : { state: 'optional' as const }),
      },
      ...claimFindings(declared, ciliumNamespace),
      ...(await podFindings(kube, question)),
      ...rights,
      { name: 'command', state: 'ok', detail: commandLine(question, declared), fix: '' },
    ];
  } catch (error) {
    return [
      {
        name,
        state: 'missing',
        detail: (error as Error).message,
        fix: 'name a kubeconfig and a context that work: kubectl --context NAME get nodes',
      },
    ];
  }
}

function finding(name: string, ok: boolean, detail: string, fix: string): MachineFinding {
  return { name, state: ok ? 'ok' : 'missing', detail, fix: ok ? '' : fix };
}

/** What the cluster declares, and whether its version is known. */
function claimFindings({ mode, routing, profile, versions, settings }: DeclaredClaims, namespace: string): MachineFinding[] {
  const config = `ConfigMap ${namespace}/${CONFIG_MAP}`;
  const known = profile === undefined ? null : profileFor(profile);
  const ofIpsec: MachineFinding[] =
    mode === 'ipsec'
      ? [
          finding(
            'key rotation',
            true,
            `old keys stay for ${settings['ipsec-key-rotation-duration'] ?? '5m (the default)'} after a rotation`,
            '',
          ),
        ]
      : [];
  return [
    finding(
      'mode',
      mode !== undefined,
      mode ?? `${config} does not show it`,
      'say --mode, or the namespace of the agents with --cilium-namespace',
    ),
    finding('routing', routing !== undefined, routing ?? `${config} does not show it`, 'say --routing'),
    finding(
      'version',
      known !== null,
      versions.length === 0
        ? 'no agent names a version in its image'
        : `Cilium ${versions.join(', ')}${known === null ? ', which is not one known version' : ''}`,
      'say --profile with a known version; during an upgrade wait until all agents have the same version',
    ),
    ...(routing === undefined || routing === 'native'
      ? []
      : [finding('tunnel port', true, settings['tunnel-port'] ?? `${routing === 'vxlan' ? 8472 : 6081} (the default)`, '')]),
    ...ofIpsec,
  ];
}

/** Whether the pods of a run would be admitted, and their image. */
async function podFindings(kube: Kube, { namespace, witnessImage }: ExistingQuestion): Promise<MachineFinding[]> {
  const image = finding(
    'image',
    witnessImage !== undefined,
    witnessImage ?? `${WITNESS_IMAGE}, which is in no registry`,
    'build clusters/kind/witness, publish it where the nodes can pull it, and say --witness-image; or say --observe-only',
  );
  const asked: MachineFinding = image.state === 'ok' ? image : { ...image, state: 'optional' };
  if (namespace === undefined)
    return [{ name: 'pod security', state: 'ok', detail: `the namespace that a run creates allows it (${LABEL_ENFORCE})`, fix: '' }, asked];
  const found = await readNamespace(kube, namespace);
  if (found === 'forbidden') {
    const detail = `this user may not read the namespace ${namespace}, so it is not known whether it enforces a level`;
    const fix = `ask an administrator: its label ${LABEL_ENFORCE} must be privileged or absent`;
    return [{ name: 'pod security', state: 'optional', detail, fix }, asked];
  }
  const level = found?.metadata.labels?.[LABEL_ENFORCE];
  return [
    finding(
      'pod security',
      found !== undefined && (level === undefined || level === 'privileged'),
      found === undefined ? `there is no namespace ${namespace}` : `${namespace} enforces ${level ?? 'nothing by label'}`,
      found === undefined
        ? `kubectl create namespace ${namespace}`
        : `capture pods are on the host's network: kubectl label namespace ${namespace} ${LABEL_ENFORCE}=privileged --overwrite`,
    ),
    asked,
  ];
}

/** Undefined when it does not exist. The rights of a run (deploy/rbac.yaml) do not include reading its namespace. */
async function readNamespace(kube: Kube, name: string): Promise<KubeObject | undefined | 'forbidden'> {
  try {
    return await kube.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return 'forbidden';
    throw error;
  }
}

/** The command that examines the cluster for what it declares; the reader must check that this is what it should be. */
function commandLine(question: ExistingQuestion, { mode, routing, profile }: DeclaredClaims): string {
  const flags = {
    kubeconfig: question.kubeconfig,
    context: question.context,
    mode: mode ?? 'MODE',
    routing: routing ?? 'ROUTING',
    profile: profile ?? 'VERSION',
    namespace: question.namespace,
    'cilium-namespace': question.ciliumNamespace,
    'witness-image': question.witnessImage ?? 'IMAGE',
    disruptive: question.disruptive,
    environment: question.disruptive === undefined ? undefined : 'ENVIRONMENT',
  };
  const words = Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag} ${value}`]));
  return `wirewitness run --target existing ${words.join(' ')}`;
}
